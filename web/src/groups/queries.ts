// Groups and tags, page by page.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api, type Shapes } from '../api/client';

export type Group = Shapes['Group'];
export type Tag = Shapes['Tag'];

const PAGE = 100;
/** As many as one request gives: the choices of a filter. */
const CHOICES = 500;

const nextOf = ({ next }: { next: string | null }) => next ?? undefined;

export const groupsQuery = (name: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['groups', { name }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: after, signal }) =>
      answer(api.GET('/api/v1/groups', { params: { query: { limit: PAGE, after, name } }, signal })),
    getNextPageParam: nextOf,
  });

export const tagsQuery = (name: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['tags', { name }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: after, signal }) =>
      answer(api.GET('/api/v1/tags', { params: { query: { limit: PAGE, after, name } }, signal })),
    getNextPageParam: nextOf,
  });

export const groupChoicesQuery = queryOptions({
  queryKey: ['groups', 'choices'],
  queryFn: () => answer(api.GET('/api/v1/groups', { params: { query: { limit: CHOICES } } })),
});

export const tagChoicesQuery = queryOptions({
  queryKey: ['tags', 'choices'],
  queryFn: () => answer(api.GET('/api/v1/tags', { params: { query: { limit: CHOICES } } })),
});
