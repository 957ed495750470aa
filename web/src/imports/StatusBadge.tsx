// How an import stands, in words on a quiet colour that both themes can be read on.
import { count } from '../words/format';
import type { Import } from './queries';
import classes from './StatusBadge.module.css';
import { STATUS } from './status';

export function StatusBadge({ item }: { item: Pick<Import, 'status' | 'counts'> }) {
  const { title, colour } = STATUS[item.status];
  return (
    <span className={classes.badge} data-colour={colour}>
      {title}
      {item.status === 'completed' && item.counts.failed > 0 && `, ${count(item.counts.failed)} failed`}
    </span>
  );
}
