// Rows as cards, for a narrow screen: the same words and deeds as beside the grid.
import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Trouble } from '../../frame/Trouble';
import { cardsQuery, type RowFilter } from './queries';
import { RowDetail } from './RowDetail';
import classes from './Rows.module.css';
import { type Corrections, newest } from './useCorrections';

type Props = {
  id: string;
  filter: RowFilter;
  isPlan: boolean;
  corrections?: Corrections | undefined;
};

export function RowCards({ id, filter, isPlan, corrections }: Props) {
  const cards = useInfiniteQuery(cardsQuery(id, filter));
  if (cards.isError && !cards.data) return <Trouble error={cards.error} again={() => void cards.refetch()} />;
  if (!cards.data) return <Skeleton h={120} radius="md" />;
  const rows = cards.data.pages.flatMap((page) => page.rows);
  const headers = cards.data.pages[0]?.headers ?? [];
  if (rows.length === 0) return <Text c="dimmed">No rows like that.</Text>;
  return (
    <Stack>
      <ul className={classes.cards} aria-label="Rows">
        {rows.map((row) => (
          <li key={row.row} className={classes.card}>
            <RowDetail row={newest(row, corrections?.rows)} {...{ headers, isPlan, corrections }} />
          </li>
        ))}
      </ul>
      {cards.hasNextPage && (
        <Button
          variant="default"
          loading={cards.isFetchingNextPage}
          onClick={() => void cards.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </Stack>
  );
}
