// The steps of an import and which of them one may go to, by its state: one table.
import { hasEnded, type Import, type Status } from '../queries';

export const STEPS = [
  { step: 'upload', title: 'Upload' },
  { step: 'columns', title: 'Columns' },
  { step: 'options', title: 'Options' },
  { step: 'review', title: 'Review' },
  { step: 'confirm', title: 'Confirm' },
  { step: 'progress', title: 'Progress' },
  { step: 'report', title: 'Report' },
] as const;

export type Step = (typeof STEPS)[number]['step'];

const OPEN: Record<Status, readonly Step[]> = {
  draft: ['columns', 'options', 'review'],
  checking: ['review'],
  ready: ['columns', 'options', 'review', 'confirm'],
  pending: ['progress'],
  running: ['progress'],
  paused: ['progress'],
  refused: ['report'],
  completed: ['report'],
  failed: ['report'],
  cancelled: ['report'],
};

/** The steps that one may go to now. */
export const openSteps = ({ status }: Pick<Import, 'status'>) => OPEN[status];

/** Where an import is found when one comes back to it. */
export function stepOf(item: Pick<Import, 'status' | 'plan' | 'problem'>): Step {
  if (hasEnded(item)) return 'report';
  if (item.status === 'draft') {
    if (isOfOptions(item.problem?.code)) return 'options';
    // What was checked once and then corrected is looked at again.
    return item.plan === null ? 'columns' : 'review';
  }
  return item.status === 'checking' || item.status === 'ready' ? 'review' : 'progress';
}

/** What a check found that is decided on the page of options, and no matter of the columns. */
export const isOfOptions = (code: string | undefined) =>
  code === 'dates_ambiguous' || code === 'decimal_ambiguous';
