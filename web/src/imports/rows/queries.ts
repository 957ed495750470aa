// Rows of an import: which are asked for, and any part of a long list of them.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api, type Shapes } from '../../api/client';

export type Row = Shapes['Row'];
export type Issue = Shapes['Issue'];

/** Which rows; it stands in the address. */
export type RowFilter = { outcome?: string; issue?: string; search?: string };

export function rowFilter(search: Record<string, unknown>): RowFilter {
  const text = (key: string) => {
    const value = search[key];
    return value !== undefined && value !== '' ? { [key]: String(value) } : {};
  };
  return { ...text('outcome'), ...text('issue'), ...text('search') };
}

/** Rows from a place of the list on. */
export const rowsFrom = (id: string, filter: RowFilter, offset: number, limit: number) =>
  answer(
    api.GET('/api/v1/imports/{id}/rows', { params: { path: { id }, query: { ...filter, offset, limit } } }),
  );

/** What the columns are called. */
export const headersQuery = (id: string) =>
  queryOptions({
    queryKey: ['import', id, 'headers'],
    queryFn: async () => (await rowsFrom(id, {}, 0, 1)).headers,
    staleTime: 60_000,
  });

const CARDS = 20;

/** One page of cards after the other. */
export const cardsQuery = (id: string, filter: RowFilter) =>
  infiniteQueryOptions({
    queryKey: ['import', id, 'cards', filter],
    queryFn: ({ pageParam: after, signal }) => {
      const query = { ...filter, limit: CARDS, ...(after === undefined ? {} : { after }) };
      return answer(api.GET('/api/v1/imports/{id}/rows', { params: { path: { id }, query }, signal }));
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const planQuery = (id: string) =>
  queryOptions({
    queryKey: ['import', id, 'plan'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/imports/{id}/plan', { params: { path: { id } }, signal })),
  });

/** Letters of a column, as a spreadsheet program names it. */
export function letters(index: number): string {
  const before = Math.floor(index / 26);
  return (before > 0 ? letters(before - 1) : '') + String.fromCharCode(65 + (index % 26));
}

/** Cells come shortened to so many characters; what is not whole cannot be corrected here. */
const SHOWN_CHARS = 1000;
export const isWhole = (cell: string) => [...cell].length <= SHOWN_CHARS;

const LONGEST = 255;

/** A header as issues name it: without the star of a template, and not longer than a value. */
export const named = (header: string) =>
  [...header.trim().replace(/\**$/, '').trimEnd()].slice(0, LONGEST).join('');

/** Where the cell of an issue is; -1 for an issue of the whole row. */
export const placeOf = (issue: Issue, headers: readonly string[]) =>
  issue.column === null ? -1 : headers.findIndex((header) => named(header) === issue.column);

/** What is to be known of a row, in a line. */
export function gist(row: Row): string {
  if (row.issues.length > 0 && row.outcome !== 'updated') {
    const [first] = row.issues;
    const rest = row.issues.length - 1;
    return `${first?.message}${rest > 0 ? ` (and ${rest} more)` : ''}`;
  }
  return row.changes
    .map(({ field, before, after }) => `${field}: ${before ? `${before} → ` : ''}${after ?? 'blank'}`)
    .join('; ');
}
