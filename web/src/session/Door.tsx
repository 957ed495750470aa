// The room before the frame: pages for somebody who is not signed in.
import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

export function Logo({ size = 32 }: { size?: number }) {
  return <img src="/icon.svg" alt="" width={size} height={size} />;
}

export function Door({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) {
  useDocumentTitle(`${title} · Convoke`);
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder radius="lg" p={{ base: 'lg', sm: 'xl' }} w="100%" maw={440} bg="var(--card)">
        <Stack gap="lg">
          <Group gap="sm">
            <Logo />
            <Text fw={700} size="lg">
              Convoke
            </Text>
          </Group>
          <div>
            <Title order={1}>{title}</Title>
            {about && (
              <Text c="dimmed" mt={6}>
                {about}
              </Text>
            )}
          </div>
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}
