// What the pages of imports ask for, and when they ask again.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api, type Shapes } from '../api/client';
import type { paths } from '../api/schema';

export type Import = Shapes['Import'];
export type Status = Shapes['Status'];

/** Something is done with it at the moment. */
export const isActive = ({ status }: { status: Status }) =>
  status === 'checking' || status === 'pending' || status === 'running';

/** Nothing happens to it any more. */
export const hasEnded = ({ status }: { status: Status }) =>
  status === 'completed' || status === 'failed' || status === 'cancelled' || status === 'refused';

type Filter = NonNullable<paths['/api/v1/imports']['get']['parameters']['query']>;

const LIVE_MS = 1500;

export const historyQuery = (filter: Filter) =>
  queryOptions({
    queryKey: ['imports', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/imports', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some(isActive) ? LIVE_MS : false),
  });

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ['import', id],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/imports/{id}', { params: { path: { id } }, signal })),
  });
