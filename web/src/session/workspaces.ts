// The workspaces somebody is a member of, and the way from one to another.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { answer, api } from '../api/client';
import { sessionQuery } from './queries';

export const workspacesQuery = queryOptions({
  queryKey: ['workspaces'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/workspaces', { signal })),
});

/** Goes on in another workspace; nothing of this one stays on any page. */
export function useEnterWorkspace() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (id: string) => answer(api.POST('/api/v1/session/workspace', { body: { workspace: id } })),
    onSuccess: async (session) => {
      cache.clear();
      cache.setQueryData(sessionQuery.queryKey, session);
      await navigate({ to: '/' });
    },
  });
}
