// Things of one kind: a table, or cards where there is no room for one.
import { Skeleton, Stack } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './Lines.module.css';

export type Column<T> = { title: string; cell: (item: T) => ReactNode; isNumber?: boolean; width?: string };

type Props<T> = {
  label: string;
  items: T[];
  keyOf: (item: T) => string;
  /** The first one says what it is. */
  columns: [Column<T>, ...Column<T>[]];
  /** Buttons at the end of each. */
  deeds?: ((item: T) => ReactNode) | undefined;
};

const NARROW = '(max-width: 899.98px)';

export function Lines<T>(props: Props<T>) {
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  return isNarrow ? <Cards {...props} /> : <Grid {...props} />;
}

function Grid<T>({ label, items, keyOf, columns, deeds }: Props<T>) {
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ title, isNumber, width }) => (
              <th key={title} scope="col" data-number={isNumber || undefined} style={width ? { width } : {}}>
                {title}
              </th>
            ))}
            {deeds && (
              <td className={classes.deeds} aria-hidden>
                &nbsp;
              </td>
            )}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)}>
              {columns.map(({ title, cell, isNumber }, at) =>
                at === 0 ? (
                  <th key={title} scope="row">
                    {cell(item)}
                  </th>
                ) : (
                  <td key={title} data-number={isNumber || undefined}>
                    {cell(item)}
                  </td>
                ),
              )}
              {deeds && (
                <td className={classes.deeds}>
                  <div>{deeds(item)}</div>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cards<T>({ label, items, keyOf, columns: [main, ...others], deeds }: Props<T>) {
  return (
    <ul className={classes.cards} aria-label={label}>
      {items.map((item) => (
        <li key={keyOf(item)} className={classes.card}>
          <div className={classes.top}>
            <div className={classes.main}>{main.cell(item)}</div>
            {deeds && <div className={classes.beside}>{deeds(item)}</div>}
          </div>
          <dl className={classes.facts}>
            {others.map(({ title, cell }) => {
              const value = cell(item);
              if (value === null || value === undefined || value === '' || value === false) return null;
              return (
                <div key={title}>
                  <dt>{title}</dt>
                  <dd>{value}</dd>
                </div>
              );
            })}
          </dl>
        </li>
      ))}
    </ul>
  );
}

/** What stands there while lines are fetched. */
export function LinesToCome({ count = 4 }: { count?: number }) {
  return (
    <Stack gap="xs" aria-hidden>
      {Array.from({ length: count }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all are alike
        <Skeleton key={line} h={48} radius="md" />
      ))}
    </Stack>
  );
}
