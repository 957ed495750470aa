// The three record types in the words of their users.
import type { RecordType } from '../api/client';

export type Plural = 'creators' | 'prospects' | 'advocates';

export const TYPES: { type: RecordType; plural: Plural; title: string; about: string }[] = [
  {
    type: 'creator',
    plural: 'creators',
    title: 'Creators',
    about: 'People with a channel, known by platform and handle',
  },
  {
    type: 'prospect',
    plural: 'prospects',
    title: 'Prospects',
    about: 'Partners to be won, known by their e-mail',
  },
  {
    type: 'advocate',
    plural: 'advocates',
    title: 'Advocates',
    about: 'Customers who speak for you, known by their e-mail',
  },
];

export const isPlural = (word: string): word is Plural => TYPES.some(({ plural }) => plural === word);

export const pluralOf = (type: RecordType): Plural => `${type}s`;

export const titleOf = (type: RecordType) => TYPES.find((one) => one.type === type)?.title ?? pluralOf(type);

/** `prospects`, or `prospect` for one. */
export const people = (type: RecordType, count: number) => (count === 1 ? type : pluralOf(type));
