// People as lists and one by one.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api, type Shapes } from '../api/client';
import type { Plural } from '../words/recordTypes';

export type Person = Shapes['Person'];

/** What the address of a list says. */
export type PeopleFilter = { search?: string; group?: string; tag?: string; import?: string };

const PAGE = 50;

export const peopleQuery = (plural: Plural, filter: PeopleFilter) =>
  infiniteQueryOptions({
    queryKey: ['people', plural, filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: after, signal }) =>
      answer(
        api.GET('/api/v1/people', {
          params: { query: { as: plural, limit: PAGE, after, ...filter } },
          signal,
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ['person', id],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/people/{id}', { params: { path: { id } }, signal })),
  });

/** The same identity as another type of record. */
export const twinQuery = (plural: Plural, identity: string) =>
  queryOptions({
    queryKey: ['people', plural, 'twin', identity],
    queryFn: async ({ signal }) => {
      const query = { as: plural, identity, limit: 1 };
      const { items } = await answer(api.GET('/api/v1/people', { params: { query }, signal }));
      return items[0] ?? null;
    },
  });
