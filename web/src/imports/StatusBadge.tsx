// How an import stands, in words on a quiet colour that both themes can be read on.
import { count } from '../words/format';
import type { Import } from './queries';
import classes from './StatusBadge.module.css';
import { STATUS } from './status';

export function StatusBadge({ item }: { item: Pick<Import, 'status' | 'counts' | 'kind'> }) {
  const { title, colour } = STATUS[item.status];
  const hasEnded = item.status === 'completed';
  if (hasEnded && item.kind === 'dry_run') {
    return (
      <span className={classes.badge} data-colour="gray">
        Dry run
      </span>
    );
  }
  const hasFailed = hasEnded && item.counts.failed > 0;
  return (
    <span className={classes.badge} data-colour={hasFailed ? 'orange' : colour}>
      {title}
      {hasFailed && `, ${count(item.counts.failed)} failed`}
    </span>
  );
}
