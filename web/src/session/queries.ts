import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api, Refusal, type Shapes } from '../api/client';

export type Session = Shapes['Session'];

/** Who is signed in; null: nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: 60_000,
  queryFn: async (): Promise<Session | null> => {
    try {
      return await answer(api.GET('/api/v1/session'));
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return null;
      throw error;
    }
  },
});

/** Whoever is signed in; the frame shows its pages to nobody else. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error('This page is for somebody who is signed in');
  return data;
}

export type Permission = Shapes['Permission'];

/** Whether the member may do that here: buttons that would be refused are not offered. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useSession();
  return (permission) => permissions.includes(permission);
}
