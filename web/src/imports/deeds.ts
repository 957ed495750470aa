// What can be done with an import. Each deed has a key, so that its repeats do nothing a second time.
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { cache } from '../api/cache';
import { answer, api, deedKey } from '../api/client';
import { importQuery } from './queries';

export const DEEDS = ['check', 'pause', 'resume', 'cancel', 'keep'] as const;
export type Deed = (typeof DEEDS)[number];

const params = (id: string, key: string) => ({
  params: { path: { id }, header: { 'Idempotency-Key': key } },
});

const ASK = {
  check: (id: string, key: string) => api.POST('/api/v1/imports/{id}/check', params(id, key)),
  pause: (id: string, key: string) => api.POST('/api/v1/imports/{id}/pause', params(id, key)),
  resume: (id: string, key: string) => api.POST('/api/v1/imports/{id}/resume', params(id, key)),
  cancel: (id: string, key: string) => api.POST('/api/v1/imports/{id}/cancel', params(id, key)),
  keep: (id: string, key: string) => api.POST('/api/v1/imports/{id}/keep', params(id, key)),
} satisfies Record<Deed, unknown>;

/** The answer to a deed may be older than what was told meanwhile; so how it stands is asked. */
async function seenAnew(id: string) {
  void cache.invalidateQueries({ queryKey: ['imports'] });
  await cache.invalidateQueries({ queryKey: importQuery(id).queryKey, exact: true });
}

/** Does something with an import and shows at once how it stands. */
export function useDeed(id: string) {
  return useMutation({
    mutationFn: (deed: Deed) => answer(ASK[deed](id, deedKey())),
    onSuccess: () => seenAnew(id),
  });
}

/** Confirms a plan; the key stays with the plan, however often the button is pressed. */
export function useConfirmation(id: string) {
  const keys = useRef(new Map<string, string>());
  return useMutation({
    mutationFn: (body: { plan: string; on_drift: string }) => {
      const said = JSON.stringify(body);
      const key = keys.current.get(said) ?? deedKey();
      keys.current.set(said, key);
      return answer(api.POST('/api/v1/imports/{id}/confirm', { ...params(id, key), body }));
    },
    onSuccess: () => seenAnew(id),
  });
}

/** Makes a draft of the rows that failed, and has it checked if nothing is left to decide. */
export function useFollowUp(id: string) {
  const keys = useRef([deedKey(), deedKey()] as const);
  return useMutation({
    mutationFn: async () => {
      const [making, checking] = keys.current;
      const draft = await answer(api.POST('/api/v1/imports/{id}/follow-up', params(id, making)));
      if (draft.problem === null) await answer(ASK.check(draft.import.import, checking));
      return draft;
    },
  });
}

/** Makes a new draft of the same file, with what was chosen and corrected for it. */
export function useRepeat(id: string) {
  const key = useRef(deedKey());
  return useMutation({
    mutationFn: () => answer(api.POST('/api/v1/imports/{id}/repeat', params(id, key.current))),
  });
}
