import { Box, type BoxProps, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Page.module.css';

export function Card({ children, className, ...rest }: BoxProps & { children: ReactNode }) {
  return (
    <Box className={className ? `${classes.card} ${className}` : classes.card} {...rest}>
      {children}
    </Box>
  );
}

/** What is here when nothing is: what it is for, and the way to the first one. */
export function Empty({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div className={classes.empty}>
      {icon}
      <Title order={2}>{title}</Title>
      {typeof children === 'string' ? (
        <Text c="dimmed" maw={460}>
          {children}
        </Text>
      ) : (
        children
      )}
    </div>
  );
}
