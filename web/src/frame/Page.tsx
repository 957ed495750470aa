// What every page is made of: its title, the deeds it offers, its content, and the page of the guide about it.
import { Anchor, Box, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './Page.module.css';

type Props = {
  title: string;
  about?: ReactNode;
  /** The page of the guide about it. */
  help?: string;
  actions?: ReactNode;
  children: ReactNode;
};

export function Page({ title, about, help, actions, children }: Props) {
  useDocumentTitle(`${title} · Convoke`);
  return (
    <Stack gap="lg" className={classes.page}>
      <Group justify="space-between" align="start" gap="md">
        <Box maw={640}>
          <Title order={1} id="title" tabIndex={-1} className="breaks">
            {title}
          </Title>
          {(about || help) && (
            <Text c="dimmed" mt={4}>
              {about}{' '}
              {help && (
                <Anchor component={Link} to={`/help/${help}`} underline="always">
                  How this works
                </Anchor>
              )}
            </Text>
          )}
        </Box>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
