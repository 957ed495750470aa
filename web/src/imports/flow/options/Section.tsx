import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Card } from '../../../frame/Card';
import classes from './Options.module.css';

/** Options that belong together. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card>
      <Stack gap="md">
        <Title order={2}>{title}</Title>
        {children}
      </Stack>
    </Card>
  );
}

type MoreProps = { title: string; about: string; isOpen: boolean; children: ReactNode };

/** Options that few people need, behind their title. */
export function More({ title, about, isOpen, children }: MoreProps) {
  return (
    <Card>
      <details open={isOpen} className={classes.more}>
        <summary>
          <Title order={2} className={classes.title}>
            {title}
          </Title>
          <Text size="sm" c="dimmed">
            {about}
          </Text>
        </summary>
        <Stack gap="md" mt="md">
          {children}
        </Stack>
      </details>
    </Card>
  );
}
