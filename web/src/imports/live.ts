// An import as it goes on: the server tells of each change. The stream is closed while nobody looks at the page (a browser has
// six connections to a server) and when the import has ended; a broken one is begun again.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { cache, keep } from '../api/cache';
import { onReachability } from '../api/reachability';
import { openSteps, type Step, stepOf } from './flow/steps';
import { hasEnded, type Import, importQuery } from './queries';

const AGAIN_MS = 2000;

function follow(id: string, told: (item: Import) => void): () => void {
  let stream: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const close = () => {
    clearTimeout(again);
    stream?.close();
    stream = undefined;
  };
  const open = () => {
    close();
    if (isOver || document.hidden) return;
    stream = new EventSource(`/api/v1/imports/${id}/events`);
    stream.addEventListener('import', ({ data }: MessageEvent<string>) => {
      const item = JSON.parse(data) as Import;
      if (hasEnded(item)) {
        isOver = true;
        close();
      }
      told(item);
    });
    stream.onerror = () => {
      close();
      // Why it broke (the server is away, the session ended) the question for the import finds out.
      void cache.invalidateQueries({ queryKey: ['import', id], exact: true });
      again = setTimeout(open, AGAIN_MS);
    };
  };
  const stop = onReachability((isReachable) => isReachable && open());
  document.addEventListener('visibilitychange', open);
  open();
  return () => {
    isOver = true;
    stop();
    document.removeEventListener('visibilitychange', open);
    close();
  };
}

/** An import and how often it was told of; `changes` rises with every change of it. */
export function useLiveImport(id: string) {
  const query = useQuery(importQuery(id));
  const [changes, setChanges] = useState(0);
  const isOver = query.data ? hasEnded(query.data) : true;
  useEffect(() => {
    if (isOver) return;
    return follow(id, (item) => {
      keep(importQuery(id), item);
      setChanges((before) => before + 1);
    });
  }, [id, isOver]);
  return { query, item: query.data, changes };
}

/** The same for a step of the flow, which is left for the one where the import is now. */
export function useImportAt(id: string, step: Step) {
  const live = useLiveImport(id);
  const navigate = useNavigate();
  const to = live.item && !openSteps(live.item).includes(step) ? stepOf(live.item) : undefined;
  useEffect(() => {
    // From a confirmation one comes back only when something changed; the review says so.
    const why = step === 'confirm' && to === 'review' ? '?again=true' : '';
    if (to) void navigate({ href: `/imports/${id}/${to}${why}`, replace: true });
  }, [id, step, to, navigate]);
  return live;
}
