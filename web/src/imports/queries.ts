// What the pages of imports ask for, and when they ask again.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
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

/** Nobody confirmed it yet: what its counts say would happen, and did not. */
export const isPrepared = ({ status }: { status: Status }) =>
  status === 'draft' || status === 'checking' || status === 'ready';

/** It was ended before any of its rows was imported. */
export const isDiscarded = ({ kind, status, counts }: Pick<Import, 'kind' | 'status' | 'counts'>) =>
  kind === 'import' && status === 'cancelled' && counts.total === counts.not_processed;

/** Somebody confirmed it, and it began. */
export const hasRun = (item: Import) =>
  item.kind === 'import' && !isPrepared(item) && item.status !== 'refused' && !isDiscarded(item);

type Filter = NonNullable<paths['/api/v1/imports']['get']['parameters']['query']>;

const LIVE_MS = 1500;

export const historyQuery = (filter: Filter) =>
  queryOptions({
    queryKey: ['imports', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/imports', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some(isActive) ? LIVE_MS : false),
  });

const PAGE = 30;

/** The history page by page; what goes on is asked again. */
export const historyPagesQuery = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ['imports', 'pages', filter],
    queryFn: ({ pageParam: before, signal }) => {
      const query = { ...filter, limit: PAGE, ...(before === undefined ? {} : { before }) };
      return answer(api.GET('/api/v1/imports', { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isActive)) ? LIVE_MS : false,
  });

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ['import', id],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/imports/{id}', { params: { path: { id } }, signal })),
  });

/** What was chosen for an import, and what stands in the way of its check. */
export const preparedQuery = (id: string) =>
  queryOptions({
    queryKey: ['import', id, 'prepared'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/imports/{id}/draft', { params: { path: { id } }, signal })),
  });
