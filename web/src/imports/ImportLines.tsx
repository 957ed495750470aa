// Imports as lines: what, when, by whom, how it stands.
import { Group, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Shapes } from '../api/client';
import { Empty } from '../frame/Card';
import { Trouble } from '../frame/Trouble';
import { ImportAbout } from './ImportAbout';
import classes from './ImportLines.module.css';
import { percentDone } from './outcomes';
import { type Import, isActive } from './queries';
import { StatusBadge } from './StatusBadge';
import { inShort } from './summary';

export function ImportLines({ history }: { history: UseQueryResult<Shapes['History']> }) {
  if (history.isError && !history.data)
    return <Trouble error={history.error} again={() => void history.refetch()} />;
  if (!history.data) {
    return (
      <Stack gap="xs">
        {[1, 2, 3].map((line) => (
          <Skeleton key={line} h={64} radius="md" />
        ))}
      </Stack>
    );
  }
  if (history.data.items.length === 0) {
    return (
      <Empty icon={<IconFileSpreadsheet size={40} stroke={1.2} aria-hidden />} title="No imports yet">
        Every import is kept here with its counts and what became of each row. Drafts and dry runs that nobody
        imports go after a while.
      </Empty>
    );
  }
  return (
    <ul className={classes.list}>
      {history.data.items.map((item) => (
        <li key={item.import}>
          <Line item={item} />
        </li>
      ))}
    </ul>
  );
}

function Line({ item }: { item: Import }) {
  const share = percentDone(item.counts);
  return (
    <Link to="/imports/$id" params={{ id: item.import }} className={classes.line}>
      <Group justify="space-between" wrap="nowrap" gap="md">
        <div className="cut">
          <Text fw={600} className="cut">
            {item.file}
          </Text>
          <ImportAbout item={item} />
        </div>
        <Group gap="sm" wrap="nowrap">
          <Text size="sm" c="dimmed" className="numbers" visibleFrom="sm">
            {inShort(item)}
          </Text>
          <StatusBadge item={item} />
        </Group>
      </Group>
      {isActive(item) && (
        <Progress value={share} size="xs" mt="xs" aria-label={`${Math.floor(share)} % of ${item.file}`} />
      )}
    </Link>
  );
}
