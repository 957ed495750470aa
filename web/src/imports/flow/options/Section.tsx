import { Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Card } from '../../../frame/Card';

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
