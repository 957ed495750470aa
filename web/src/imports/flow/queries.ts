// What a workspace has that an import names.
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import type { Plural } from '../../words/recordTypes';

/** The most that the server tells at once. */
const MOST = 500;

export const fieldsQuery = (plural: Plural) =>
  queryOptions({
    queryKey: ['fields', 'of', plural],
    queryFn: async ({ signal }) => {
      const query = { as: plural, limit: MOST };
      return (await answer(api.GET('/api/v1/fields', { params: { query }, signal }))).items;
    },
  });

export const mappingsQuery = (plural: Plural) =>
  queryOptions({
    queryKey: ['mappings', 'of', plural],
    queryFn: async ({ signal }) => {
      const query = { as: plural, limit: MOST };
      return (await answer(api.GET('/api/v1/mappings', { params: { query }, signal }))).items;
    },
  });

export const groupsQuery = queryOptions({
  queryKey: ['groups', 'names'],
  queryFn: async ({ signal }) => {
    const page = await answer(api.GET('/api/v1/groups', { params: { query: { limit: MOST } }, signal }));
    return page.items.map(({ name }) => name);
  },
});

export const tagsQuery = queryOptions({
  queryKey: ['tags', 'names'],
  queryFn: async ({ signal }) => {
    const page = await answer(api.GET('/api/v1/tags', { params: { query: { limit: MOST } }, signal }));
    return page.items.map(({ name }) => name);
  },
});

/** What a column of a draft holds, each value once. */
export const valuesQuery = (id: string, column: string, several: boolean) =>
  queryOptions({
    queryKey: ['draft', id, 'values', column, several],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/imports/{id}/columns/{column}/values', {
          params: { path: { id, column }, query: { several } },
          signal,
        }),
      ),
    staleTime: 60_000,
  });
