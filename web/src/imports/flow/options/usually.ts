// What happens to the values of people who are there already: as it is usual, or as it was chosen, field by field and in a line.
import { hasPolicy, isStandard, type Policy, usualPolicy } from '../../../words/fields';
import type { Draft } from '../draft';

const bare = (name: string) => name.toLowerCase().replaceAll(' ', '_');

/** The names by which a field has a policy in the choices: a follow-up names standard fields as the API does. */
export const namesOf = ({ choices, import: { record_type } }: Draft, field: string): string[] =>
  Object.keys(choices.policies ?? {}).filter(
    (name) => name === field || (isStandard(record_type, field) && bare(name) === bare(field)),
  );

export function policyOf(draft: Draft, field: string): Policy {
  const [name] = namesOf(draft, field);
  const chosen = name === undefined ? undefined : draft.choices.policies?.[name];
  return (chosen as Policy | undefined) ?? usualPolicy(draft.import.record_type, field);
}

/** The fields of the file that have a policy. */
export function fieldsWithPolicy({ columns, import: { record_type } }: Draft): string[] {
  const fields = columns.flatMap(({ field }) => (field && hasPolicy(record_type, field) ? [field] : []));
  return [...new Set(fields)];
}

/** How many fields are named before they are only counted. */
const NAMED = 5;

function listed(fields: string[]): string {
  if (fields.length > NAMED)
    return `${fields.slice(0, NAMED - 1).join(', ')} and ${fields.length - NAMED + 1} more`;
  if (fields.length < 2) return fields.join('');
  return `${fields.slice(0, -1).join(', ')} and ${fields.at(-1)}`;
}

const SAID: Record<Policy, { one: string; more: string; all: string }> = {
  keep: { one: 'is kept as it is', more: 'are kept as they are', all: 'Every value is kept as it is.' },
  fill: {
    one: 'is only filled where it is blank',
    more: 'are only filled where blank',
    all: 'Values are only filled where they are blank.',
  },
  overwrite: {
    one: 'takes the value of the list',
    more: 'take the values of the list',
    all: 'Every value becomes that of the list.',
  },
};

/** `Name, Title and Company are only filled where blank; everything else takes the value of the list.` */
export function whatHappens(draft: Draft): string {
  const fields = fieldsWithPolicy(draft);
  const by = (policy: Policy) => fields.filter((field) => policyOf(draft, field) === policy);
  const parts = (['keep', 'fill', 'overwrite'] as const)
    .map((policy) => ({ policy, them: by(policy) }))
    .filter(({ them }) => them.length > 0);
  const last = parts.at(-1);
  if (!last) return 'What the list adds is added.';
  if (parts.length === 1) return SAID[last.policy].all;
  const named = parts
    .slice(0, -1)
    .map(({ policy, them }) => `${listed(them)} ${SAID[policy][them.length === 1 ? 'one' : 'more']}`);
  return `${named.join('; ')}; everything else ${SAID[last.policy].one}.`;
}

const ADDED: Record<string, string> = { Group: 'groups', Tags: 'tags' };

/** Groups and tags have no policy. */
export function whatAdds({ columns, choices }: Draft): string {
  const has = (name: string, given: readonly string[] | undefined) =>
    (given ?? []).length > 0 || columns.some(({ field }) => field === name);
  const words = Object.entries(ADDED).flatMap(([name, word]) =>
    has(name, name === 'Group' ? choices.groups : choices.tags) ? [word] : [],
  );
  if (words.length === 0) return '';
  const all = words.join(' and ');
  return ` ${all[0]?.toUpperCase()}${all.slice(1)} are added, none is taken away.`;
}
