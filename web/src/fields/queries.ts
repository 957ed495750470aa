import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Shapes } from '../api/client';

export type CustomField = Shapes['CustomField'];
export type FieldType = Shapes['FieldType'];

/** As many as one request gives; a workspace has far fewer. */
const ALL = 500;

export const fieldsQuery = queryOptions({
  queryKey: ['fields'],
  queryFn: () => answer(api.GET('/api/v1/fields', { params: { query: { limit: ALL } } })),
});

export const FIELD_TYPES: { type: FieldType; title: string; about: string }[] = [
  { type: 'text', title: 'Text', about: 'Up to 255 characters' },
  { type: 'single_select', title: 'One of several options', about: 'In a file, in any case of letters' },
  { type: 'multi_select', title: 'Some of several options', about: 'In a file, apart by comma' },
  { type: 'number', title: 'Number', about: 'Kept exactly as a decimal' },
  { type: 'date', title: 'Date', about: 'A day' },
  { type: 'yes_no', title: 'Yes or no', about: 'Also true, false, 1, 0 and a tick in a file' },
];

export const hasOptions = (type: FieldType) => type === 'single_select' || type === 'multi_select';
export const titleOf = (type: FieldType) => FIELD_TYPES.find((one) => one.type === type)?.title ?? type;
