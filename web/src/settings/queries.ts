// What the settings ask for.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api, type Shapes, tagged } from '../api/client';

export type Member = Shapes['Member'];
export type Invitation = Shapes['MemberInvitation'];
export type Token = Shapes['Token'];
export type Mapping = Shapes['SavedMapping'];
export type AuditEntry = Shapes['AuditEntry'];
export type Workspace = Shapes['WorkspaceSettings'];

export const workspaceQuery = queryOptions({
  queryKey: ['workspace'],
  queryFn: () => tagged(api.GET('/api/v1/workspace')),
});

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: async () => (await answer(api.GET('/api/v1/members'))).items,
});

export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: async () => (await answer(api.GET('/api/v1/member-invitations'))).items,
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async () => (await answer(api.GET('/api/v1/tokens'))).items,
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async () => (await answer(api.GET('/api/v1/sessions'))).items,
});

const PAGE = 100;

export const mappingsQuery = infiniteQueryOptions({
  queryKey: ['mappings'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam: after }) =>
    answer(api.GET('/api/v1/mappings', { params: { query: { limit: PAGE, after } } })),
  getNextPageParam: ({ next }) => next ?? undefined,
});

export const auditQuery = infiniteQueryOptions({
  queryKey: ['audit'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam: before }) =>
    answer(api.GET('/api/v1/audit', { params: { query: { limit: 50, before } } })),
  getNextPageParam: ({ next }) => next ?? undefined,
});
