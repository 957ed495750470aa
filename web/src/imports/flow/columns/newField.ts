// The custom field that a column suggests by its header and its first values.
import type { RecordType, Shapes } from '../../../api/client';
import type { Column } from '../draft';
import { isOpen, suggested } from './decide';

export type FieldType = Shapes['FieldType'];
export type NewField = Shapes['NewCustomField'];

export const LONGEST_NAME = 64;

const PLAIN: FieldType[] = ['number', 'date', 'yes_no'];

/** Options are for somebody to choose who has seen more than the first values: without that, a text. */
export function newField(type: RecordType, column: Column): NewField {
  const guess = PLAIN.find((plain) => plain === column.suggestion?.new_field);
  return {
    name: column.header.trim().slice(0, LONGEST_NAME),
    record_type: type,
    type: guess ?? 'text',
    multiple: false,
    options: [],
  };
}

/** Open columns that can be fields of their own: they have a name that no other has, and nothing better is suggested. */
export function ownFields(columns: Column[]): Column[] {
  const better = new Set(suggested(columns).map(([{ column }]) => column));
  const name = ({ header }: Column) => header.trim().toLowerCase();
  return columns.filter((column) => {
    const isAlone = columns.filter((other) => name(other) === name(column)).length === 1;
    const fits = name(column) !== '' && column.header.trim().length <= LONGEST_NAME;
    return isOpen(column) && !better.has(column.column) && isAlone && fits;
  });
}
