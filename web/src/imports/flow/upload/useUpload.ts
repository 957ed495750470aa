// One upload: begins when a file is given, waits for a server that is away, and ends in a draft.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { deedKey, Refusal, Unreachable } from '../../../api/client';
import { onReachability } from '../../../api/reachability';
import { sessionQuery } from '../../../session/queries';
import type { Plural } from '../../../words/recordTypes';
import { keepDraft } from '../draft';
import { send } from './send';

type Deed = { file: File; key: string };

export function useUpload(plural: Plural) {
  const navigate = useNavigate();
  const cancelling = useRef(new AbortController());
  const [sent, setSent] = useState(0);
  const upload = useMutation({
    mutationFn: ({ file, key }: Deed) => {
      cancelling.current = new AbortController();
      setSent(0);
      return send({ file, plural, key, signal: cancelling.current.signal, onSent: setSent });
    },
    onSuccess: (draft) => {
      keepDraft(draft);
      void navigate({ to: '/imports/$id/columns', params: { id: draft.import.import } });
    },
  });
  const { error, variables, mutate, reset } = upload;
  const again = useCallback(() => variables && mutate(variables), [variables, mutate]);
  useAgainWhenBack(error, again);
  useEffect(() => () => cancelling.current.abort(), []);
  return {
    begin: (file: File) => mutate({ file, key: deedKey() }),
    again,
    cancel: () => {
      cancelling.current.abort();
      reset();
    },
    /** The file that is on its way, or waits for another try. */
    file: upload.isPending || error ? variables?.file : undefined,
    sent,
    isSending: upload.isPending,
    error: error instanceof DOMException ? null : error,
  };
}

/** Goes on by itself when the server answers again, or whoever it is has signed in again. */
function useAgainWhenBack(error: Error | null, again: () => void) {
  useEffect(() => {
    if (!(error instanceof Unreachable)) return;
    return onReachability((isReachable) => isReachable && again());
  }, [error, again]);
  const { dataUpdatedAt } = useQuery(sessionQuery);
  const endedAt = useRef(0);
  useEffect(() => {
    const hasEnded = error instanceof Refusal && error.status === 401;
    if (!hasEnded) endedAt.current = 0;
    else if (endedAt.current === 0) endedAt.current = dataUpdatedAt;
    else if (endedAt.current !== dataUpdatedAt) again();
  }, [error, dataUpdatedAt, again]);
}
