// How fast an import goes, from when how many rows were done.
import { useEffect, useRef, useState } from 'react';

const WINDOW_MS = 10_000;

type Told = { at: number; done: number };

/** Rows a second over the last seconds; undefined while too little is known. */
export function paceOf(told: readonly Told[]): number | undefined {
  const [first, last] = [told[0], told.at(-1)];
  if (!first || !last || last.at - first.at < 500 || last.done <= first.done) return undefined;
  return (1000 * (last.done - first.done)) / (last.at - first.at);
}

export function usePace(done: number, isRunning: boolean): number | undefined {
  const told = useRef<Told[]>([]);
  const [pace, setPace] = useState<number>();
  useEffect(() => {
    if (!isRunning) {
      told.current = [];
      setPace(undefined);
      return;
    }
    const now = performance.now();
    told.current = [...told.current.filter(({ at }) => now - at < WINDOW_MS), { at: now, done }];
    setPace(paceOf(told.current));
  }, [done, isRunning]);
  return pace;
}
