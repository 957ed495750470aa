// A draft on the server, and changes of it: one behind the other, each on the revision that was seen.
import { notifications } from '@mantine/notifications';
import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { keep } from '../../api/cache';
import { answer, api, Refusal, type Shapes, Unreachable } from '../../api/client';
import { isServerReachable, onReachability } from '../../api/reachability';
import { importQuery } from '../queries';

export type Draft = Shapes['Draft'];
export type Choices = Partial<Shapes['Choices']>;
export type Column = Shapes['DraftColumn'];

/** A merge patch: what is named is changed, null is what is usual. */
export type Patch = { [Name in Exclude<keyof Choices, 'map' | 'policies'>]?: Choices[Name] | null } & {
  map?: Record<string, string | null> | null;
  policies?: Record<string, string | null> | null;
};

export type ToPatch = (draft: Draft) => Patch;

export const draftQuery = (id: string) =>
  queryOptions({
    queryKey: ['draft', id],
    // Somebody else may be at it.
    staleTime: 0,
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/imports/{id}/draft', { params: { path: { id } }, signal })),
  });

export function keepDraft(draft: Draft) {
  const id = draft.import.import;
  keep(draftQuery(id), draft);
  keep(importQuery(id), draft.import);
}

/** Changes of one draft, and its check, happen one behind the other. What failed is forgotten when it is tried anew. */
export const inTurn = (id: string) => ({
  mutationKey: ['draft', id],
  scope: { id: `draft ${id}` },
  gcTime: 0,
});

/** Whether some change stands on the page that the server did not take. */
export const isUnsaved = (cache: QueryClient, id: string) =>
  cache.getMutationCache().findAll({ mutationKey: ['draft', id], status: 'error' }).length > 0;

export function useChange(id: string) {
  const cache = useQueryClient();
  return useMutation({ ...inTurn(id), mutationFn: (toPatch: ToPatch) => change(cache, id, toPatch) });
}

async function change(cache: QueryClient, id: string, toPatch: ToPatch): Promise<Draft> {
  const query = draftQuery(id);
  let isRepeat = false;
  for (;;) {
    const seen = cache.getQueryData(query.queryKey) ?? (await cache.fetchQuery(query));
    try {
      const draft = await patched(id, seen.revision, toPatch(seen));
      keepDraft(draft);
      return draft;
    } catch (error) {
      if (error instanceof Unreachable) {
        isRepeat = true;
        await back();
        continue;
      }
      if (!(error instanceof Refusal && error.status === 412)) throw error;
      const now = await cache.fetchQuery(query);
      // The answer was lost, not the change.
      if (isRepeat && now.revision === seen.revision + 1) return now;
      notifications.show({
        id: 'changed-meanwhile',
        title: 'Somebody else changed this import too',
        message: 'Their changes are shown now, and yours is kept with them. Look it over.',
        autoClose: 10_000,
      });
    }
  }
}

function patched(id: string, revision: number, patch: Patch): Promise<Draft> {
  const params = { path: { id }, header: { 'If-Match': `"${revision}"` } };
  return answer(api.PATCH('/api/v1/imports/{id}/draft', { params, body: patch as Shapes['Choices'] }));
}

/** When the server answers again. */
function back(): Promise<void> {
  if (isServerReachable()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = onReachability((isReachable) => {
      if (!isReachable) return;
      stop();
      resolve();
    });
  });
}
