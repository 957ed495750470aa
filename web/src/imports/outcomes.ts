// The outcomes of rows in words, each with a colour and a pattern of its own, before and after a run.
import type { Shapes } from '../api/client';

export type Counts = Shapes['Counts'];
export type Outcome = Exclude<keyof Counts, 'total'>;

type Told = { outcome: Outcome; title: string; planned: string; sign: string };

export const OUTCOMES: readonly Told[] = [
  { outcome: 'created', title: 'New', planned: 'New', sign: '+' },
  { outcome: 'updated', title: 'Updated', planned: 'Update', sign: '↻' },
  { outcome: 'unchanged', title: 'Unchanged', planned: 'Unchanged', sign: '=' },
  { outcome: 'skipped', title: 'Skipped', planned: 'Skip', sign: '»' },
  { outcome: 'failed', title: 'Failed', planned: 'Needs a look', sign: '!' },
  { outcome: 'not_processed', title: 'Not processed', planned: 'Not processed', sign: '○' },
];

export const toldOf = (outcome: string): Told =>
  OUTCOMES.find((told) => told.outcome === outcome) ?? {
    outcome: 'not_processed',
    title: outcome,
    planned: outcome,
    sign: '',
  };

/** How many rows something happened to. */
export const processed = (counts: Counts) => counts.total - counts.not_processed;

export const percentDone = (counts: Counts) =>
  counts.total > 0 ? (100 * processed(counts)) / counts.total : 0;
