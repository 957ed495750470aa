import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Card } from '../../frame/Card';
import classes from './Disclosure.module.css';

type Props = { title: string; about: string; isOpen: boolean; children: ReactNode };

/** What few people need, behind its title. */
export function Disclosure({ title, about, isOpen, children }: Props) {
  return (
    <Card>
      <details open={isOpen} className={classes.whole}>
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
