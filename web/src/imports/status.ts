import type { Status } from './queries';

/** The states of an import in the words that web, API and command line share; only what is done is green. */
export const STATUS: Record<Status, { title: string; colour: string }> = {
  draft: { title: 'Draft', colour: 'gray' },
  refused: { title: 'Refused', colour: 'red' },
  checking: { title: 'Checking', colour: 'blue' },
  ready: { title: 'Ready', colour: 'plum' },
  pending: { title: 'Pending', colour: 'blue' },
  running: { title: 'Running', colour: 'blue' },
  paused: { title: 'Paused', colour: 'orange' },
  completed: { title: 'Completed', colour: 'pine' },
  failed: { title: 'Failed', colour: 'red' },
  cancelled: { title: 'Cancelled', colour: 'gray' },
};
