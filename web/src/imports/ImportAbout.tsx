import { Text } from '@mantine/core';
import { ago, atMoment } from '../words/format';
import { pluralOf } from '../words/recordTypes';
import type { Import } from './queries';

/** Of whom, when and by whom. */
export function ImportAbout({ item }: { item: Import }) {
  return (
    <Text size="sm" c="dimmed" className="cut">
      {item.kind === 'dry_run' ? 'Dry run of ' : ''}
      {pluralOf(item.record_type)} · <time title={atMoment(item.created_at)}>{ago(item.created_at)}</time> ·{' '}
      {item.created_by}
    </Text>
  );
}
