// What was asked is kept here. A session that ended and a server that went away are noticed in one place.
import { MutationCache, QueryCache, QueryClient, type QueryKey } from '@tanstack/react-query';
import { Refusal, Unreachable } from './client';
import { onReachability } from './reachability';

const ended = new Set<() => void>();

/** Calls back when the server says that nobody is signed in any more. */
export function onSessionEnd(listener: () => void): () => void {
  ended.add(listener);
  return () => ended.delete(listener);
}

function noticed(error: unknown) {
  // A wrong password is answered alike, and ends no session.
  const isEnd = error instanceof Refusal && error.status === 401 && error.code !== 'sign_in_failed';
  if (isEnd) for (const listener of ended) listener();
}

export const cache = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => query.queryKey[0] !== 'session' && noticed(error),
  }),
  mutationCache: new MutationCache({ onError: noticed }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the server refuses it refuses again; what did not reach it is asked again when it is back.
      retry: (count, error) => !(error instanceof Refusal) && !(error instanceof Unreachable) && count < 2,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

/** Keeps what the server answered to a change. A question that was asked before it may be answered with what was. */
export function keep<T>(query: { queryKey: QueryKey }, value: T) {
  void cache.cancelQueries({ queryKey: query.queryKey, exact: true });
  cache.setQueryData<T>(query.queryKey, value);
}

onReachability((isReachable) => {
  if (isReachable) void cache.invalidateQueries();
});
