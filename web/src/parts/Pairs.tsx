import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Pairs.module.css';

/** Facts with their titles; those that say nothing are left out. */
export function Pairs({ pairs }: { pairs: readonly (readonly [title: string, said: ReactNode])[] }) {
  return (
    <dl className={classes.pairs}>
      {pairs
        .filter(([, said]) => Boolean(said))
        .map(([title, said]) => (
          <div key={title}>
            <Text component="dt" size="sm" c="dimmed">
              {title}
            </Text>
            <Text component="dd" m={0} className="breaks">
              {said}
            </Text>
          </div>
        ))}
    </dl>
  );
}
