// What is decided about the columns of a draft, what stands in the way, and the changes that decide it.
import type { RecordType } from '../../../api/client';
import { BESIDE, isStandard, NEEDED } from '../../../words/fields';
import { many } from '../../../words/format';
import { people } from '../../../words/recordTypes';
import type { Column, Draft, Patch } from '../draft';
import { isOfOptions } from '../steps';

/** A longer header is called by its letter. */
const LONG_HEADER = 80;

const key = (name: string) => name.trim().toLowerCase();

/** The name that means this column alone. */
export function nameOf(column: Column, columns: Column[]): string {
  const alike = columns.filter(({ header }) => key(header) === key(column.header));
  const isName = column.header !== '' && column.header.length <= LONG_HEADER && alike.length === 1;
  return isName ? column.header : column.column;
}

/** Header and letter, as one speaks of it. */
export const spoken = ({ header, column }: Column) =>
  header === '' ? `column ${column}` : `“${header.slice(0, LONG_HEADER)}” (column ${column})`;

/** Decides columns: a field, or null: it is left out. */
export function deciding(draft: Draft, decisions: [Column, string | null][]): Patch {
  const { columns, choices } = draft;
  const isAbout = (name: string) =>
    decisions.some(([{ header, column }]) => [key(header), key(column)].includes(key(name)));
  const map: Record<string, string | null> = {};
  for (const name of Object.keys(choices.map ?? {})) if (isAbout(name)) map[name] = null;
  const ignore = (choices.ignore ?? []).filter((name) => !isAbout(name));
  for (const [column, field] of decisions) {
    const name = nameOf(column, columns);
    if (field === null) ignore.push(name);
    else map[name] = field;
  }
  return { map, ignore };
}

/** Forgets what was decided: the file is read another way and has other columns. */
export const UNDECIDED: Patch = { map: null, ignore: null, ignore_unknown: null };

export const isOpen = ({ decided }: Column) => decided === 'open';

export const taken = (columns: Column[]) =>
  new Map(columns.flatMap(({ field, column }) => (field === null ? [] : [[field, column]])));

/** Suggested fields of open columns that no other column is. */
export function suggested(columns: Column[]): [Column, string][] {
  const used = new Set(taken(columns).keys());
  return columns.filter(isOpen).flatMap((column): [Column, string][] => {
    const field = column.suggestion?.field;
    if (!field || used.has(field)) return [];
    used.add(field);
    return [[column, field]];
  });
}

/** Columns that are the same field, by its name. */
export function doubled(columns: Column[]): Map<string, Column[]> {
  const by = new Map<string, Column[]>();
  for (const column of columns) {
    if (column.field !== null) by.set(column.field, [...(by.get(column.field) ?? []), column]);
  }
  return new Map([...by].filter(([, them]) => them.length > 1));
}

export const missing = (type: RecordType, columns: Column[]) =>
  NEEDED[type].filter(({ fields }) => !columns.some(({ field }) => fields.includes(field ?? '')));

/** A list may be a header alone. */
export const isEmpty = ({ rows }: Draft['source']) => rows === 0;

function lacking(name: string, type: RecordType): string {
  const who = `every ${people(type, 1)} needs one`;
  const isIdentity = name === 'Email' || name === 'Handle';
  const why = isIdentity ? ': without it nobody can be told from another' : '';
  return `No column is the ${name} yet, and ${who}. Choose above which column holds it, or add it to the file${why}.`;
}

/** How far the columns are, in a few words. */
export function standing(draft: Draft): string {
  const { columns, import: item } = draft;
  const open = columns.filter(isOpen).length;
  if (isEmpty(draft.source)) return 'No rows';
  if (open > 0) return `${many(open, 'column')} to decide`;
  const [twice] = doubled(columns).keys();
  if (twice !== undefined) return `More than one column is ${twice}`;
  const [lacks] = missing(item.record_type, columns);
  return lacks ? `No column is the ${lacks.name}` : 'Every column is decided';
}

/** Why one cannot go on, in sentences. */
export function hindrances({ import: item, columns, problem, source }: Draft): string[] {
  if (isEmpty(source))
    return ['This list has no rows below its header: there is nothing to import. Choose another file.'];
  const open = columns.filter(isOpen);
  const said: string[] = [];
  if (open.length === 1 && open[0]) said.push(`Say what ${spoken(open[0])} is.`);
  if (open.length > 1) {
    const [first, second] = open.map(spoken);
    const more = open.length > 2 ? ` and ${open.length - 2} more` : '';
    said.push(`Say what ${open.length} columns are: ${first}${more ? ',' : ' and'} ${second}${more}.`);
  }
  for (const [field, them] of doubled(columns)) {
    said.push(`${them.map(({ column }) => column).join(' and ')} are both ${field}: leave one of them out.`);
  }
  for (const { name } of missing(item.record_type, columns)) said.push(lacking(name, item.record_type));
  if (said.length === 0 && problem && !isOfOptions(problem.code)) {
    said.push(`${problem.message.split('. Valid headers are')[0]}.`);
  }
  return said;
}

/** The fields a column may be, in groups. */
export function offered({ fields, columns, import: { record_type } }: Draft) {
  const beside = BESIDE[record_type];
  const named = columns.flatMap(({ field, suggestion }) => [field, suggestion?.field]);
  const all = [...new Set([...fields, ...beside.names, ...named.filter((name) => typeof name === 'string')])];
  const standard = all.filter((field) => isStandard(record_type, field) && !beside.accounts.includes(field));
  const custom = all.filter((field) => !isStandard(record_type, field));
  return { standard, custom, accounts: beside.accounts };
}

/** How sure a suggestion is, in words. */
export function certainty(percent: number): string {
  if (percent >= 90) return 'Sure';
  return percent >= 70 ? 'Likely' : 'Perhaps';
}

const WHY: Record<string, string> = {
  exact: 'the header says so',
  synonym: 'a known name for it',
  remembered: 'chosen here before',
  similar: 'the header reads like it',
  samples: 'the values look like it',
};

/** Why a column is what it is. */
export function reason(column: Column, draft: Draft): string {
  const { suggestion, field, decided } = column;
  if (decided === 'ignored') return 'Not imported';
  if (decided === 'blank') return 'Blank, so it is left out';
  const isOwn = Object.keys(draft.choices.map ?? {}).some((name) =>
    [key(column.header), key(column.column)].includes(key(name)),
  );
  if (field !== null && isOwn) return 'Your choice';
  if (field !== null && suggestion?.field !== field)
    return draft.choices.mapping ? 'The saved mapping says so' : 'The header says so';
  if (!suggestion?.field) return suggestion?.new_field ? 'No field has this name' : '';
  const why = WHY[suggestion.why] ?? '';
  return field === null
    ? `${certainty(suggestion.certainty)}: ${suggestion.field}, ${why}`
    : `${certainty(suggestion.certainty)}: ${why}`;
}
