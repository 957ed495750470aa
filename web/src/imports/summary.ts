// A plan in words: what will happen to how many, adding up to the rows of the file.
import type { RecordType, Shapes } from '../api/client';
import { count, many } from '../words/format';
import { people } from '../words/recordTypes';
import { type Counts, OUTCOMES } from './outcomes';
import { type Import, isDiscarded, isPrepared } from './queries';

type Issues = readonly Shapes['IssueCount'][];

const NOBODY = ['not_a_contact', 'example_row'];

const sum = (issues: Issues, codes: readonly string[]) =>
  issues.filter(({ code }) => codes.includes(code)).reduce((all, { count }) => all + count, 0);

/** Rows that are skipped, by why: lines that are nobody, people who are there, and what the options leave out. */
function skipped(counts: Counts, issues: Issues): string[] {
  const nobody = Math.min(counts.skipped, sum(issues, NOBODY));
  const here = Math.min(counts.skipped - nobody, sum(issues, ['duplicate_person']));
  const twice = Math.min(counts.skipped - nobody - here, sum(issues, ['duplicate_in_file']));
  const rest = counts.skipped - nobody - here - twice;
  return [
    ...(here > 0 ? [many(here, 'here already', 'here already')] : []),
    ...(twice > 0 ? [many(twice, 'duplicate')] : []),
    ...(rest > 0 ? [many(rest, 'skipped', 'skipped')] : []),
    ...(nobody > 0 ? [many(nobody, 'line that is nobody', 'lines that are nobody')] : []),
  ];
}

/** `1,204 new, 96 updates, 31 unchanged, 12 duplicates, 7 rows need a look`. */
export function inWords(counts: Counts, issues: Issues): string {
  const parts = [
    ...(counts.created > 0 ? [many(counts.created, 'new', 'new')] : []),
    ...(counts.updated > 0 ? [many(counts.updated, 'update')] : []),
    ...(counts.unchanged > 0 ? [many(counts.unchanged, 'unchanged', 'unchanged')] : []),
    ...skipped(counts, issues),
    ...(counts.failed > 0 ? [many(counts.failed, 'row needs a look', 'rows need a look')] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : 'No rows';
}

/** What a confirmation does, in one sentence. */
export function consequence(counts: Counts, type: RecordType, workspace: string): string {
  const { created, updated, failed } = counts;
  const same = counts.unchanged + counts.skipped;
  const deeds = [
    ...(created > 0 ? [`adds ${many(created, `new ${people(type, 1)}`, `new ${people(type, 2)}`)}`] : []),
    ...(updated > 0 ? [`updates ${many(updated, people(type, 1), people(type, 2))}`] : []),
  ];
  const does = deeds.length > 0 ? deeds.join(' and ') : 'changes nobody';
  const rest = [
    ...(same > 0 ? [`${many(same, 'row changes', 'rows change')} nothing`] : []),
    ...(failed > 0
      ? [`${many(failed, 'row that needs a look is', 'rows that need a look are')} left out`]
      : []),
  ];
  return `This ${does} in ${workspace}${rest.length > 0 ? `; ${rest.join(', and ')}` : ''}.`;
}

/** Whether a confirmation would change anybody: people who are skipped may still be tagged. */
export const doesAnything = ({ counts }: Shapes['Plan'], { choices }: Shapes['Draft']): boolean =>
  counts.created + counts.updated > 0 ||
  (counts.skipped > 0 && Boolean(choices.tag_duplicates) && (choices.tags ?? []).length > 0);

/** `24 new, 2 updated, 6 failed` of what happened; of what did not, `Would be 24 new, 2 updated, 6 need a look`. */
export function inShort(item: Import): string {
  if (isDiscarded(item)) return 'Discarded, nobody was changed';
  const isForetold = isPrepared(item) || item.kind === 'dry_run';
  const { counts } = item;
  const parts = OUTCOMES.filter(({ outcome }) => outcome !== 'not_processed' && counts[outcome] > 0).map(
    ({ outcome, title }) =>
      isForetold && outcome === 'failed'
        ? many(counts.failed, 'needs a look', 'need a look')
        : `${count(counts[outcome])} ${title.toLowerCase()}`,
  );
  if (parts.length === 0) return '';
  return `${isForetold ? 'Would be ' : ''}${parts.join(', ')}`;
}
