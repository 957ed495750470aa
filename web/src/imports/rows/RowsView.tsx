// The rows of an import with what became, or will become, of them: a grid with the chosen row beside it, or cards where there is
// no room. Which rows are shown stands in the address.
import { Skeleton, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import type { Shapes } from '../../api/client';
import { Trouble } from '../../frame/Trouble';
import type { Counts } from '../outcomes';
import { CorrectionLine } from './CorrectionLine';
import { headersQuery, type Row, type RowFilter, rowFilter } from './queries';
import { RowCards } from './RowCards';
import { RowDetail } from './RowDetail';
import { RowFilters } from './RowFilters';
import classes from './Rows.module.css';
import type { Corrections } from './useCorrections';

const RowGrid = lazy(() => import('./RowGrid'));

type Props = {
  id: string;
  counts: Counts;
  isPlan: boolean;
  issues?: Shapes['IssueCount'][] | undefined;
  corrections?: Corrections | undefined;
  /** Rises when the rows are others. */
  changes?: number;
};

export function RowsView({ id, counts, isPlan, issues, corrections, changes = 0 }: Props) {
  const isWide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false });
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const asked = useMemo(() => rowFilter(search), [search]);
  const change = useCallback(
    (next: RowFilter) => void navigate({ to: '.', search: next as never, replace: true, resetScroll: false }),
    [navigate],
  );
  // On a phone what needs a look comes first.
  const isBare = Object.keys(asked).length === 0;
  const filter = useMemo(
    () => (!isWide && isBare && counts.failed > 0 ? { outcome: 'failed' } : asked),
    [isWide, isBare, counts.failed, asked],
  );
  const common = { id, filter, isPlan, corrections };
  return (
    <Stack gap="sm">
      <RowFilters {...{ filter, change, counts, isPlan, issues }} />
      {corrections && <CorrectionLine corrections={corrections} />}
      {isWide ? <GridAndRow {...common} changes={changes} /> : <RowCards {...common} />}
    </Stack>
  );
}

type GridProps = Pick<Props, 'id' | 'isPlan' | 'corrections'> & { filter: RowFilter; changes: number };

function GridAndRow({ id, filter, isPlan, corrections, changes }: GridProps) {
  const headers = useQuery(headersQuery(id));
  const [chosen, choose] = useState<Row>();
  // Other rows are shown: the chosen one may not be among them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is forgotten at each other filter
  useEffect(() => choose(undefined), [filter]);
  if (headers.isError && !headers.data)
    return <Trouble error={headers.error} again={() => void headers.refetch()} />;
  const row = chosen && (corrections?.rows.get(chosen.row) ?? chosen);
  return (
    <div className={classes.body}>
      <div className={classes.place}>
        <Suspense fallback={<Skeleton h="100%" radius="md" />}>
          {headers.data ? (
            <RowGrid {...{ id, filter, isPlan, corrections, changes, choose }} headers={headers.data} />
          ) : (
            <Skeleton h="100%" radius="md" />
          )}
        </Suspense>
      </div>
      <aside className={classes.side} aria-label="The chosen row">
        {row && headers.data ? (
          <RowDetail key={row.row} row={row} headers={headers.data} {...{ isPlan, corrections }} />
        ) : (
          <Text c="dimmed" size="sm">
            Choose a row to see {isPlan ? 'what will happen to it' : 'what became of it'}
            {corrections && ', and to put right what is wrong. Enter on a cell corrects it'}.
          </Text>
        )}
      </aside>
    </div>
  );
}
