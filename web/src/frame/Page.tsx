// What every page is made of: its title, the deeds it offers, its content, and the page of the guide about it.
import { Anchor, Box, Group, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './Page.module.css';

type Props = {
  title: string;
  about?: ReactNode;
  /** The page of the guide about it, or a part of one: `settings#tokens`. That it is there the build checks. */
  help?: string;
  actions?: ReactNode;
  /** For tables that gain by every pixel. */
  isWide?: boolean;
  children: ReactNode;
};

export function Page({ title, about, help, actions, isWide, children }: Props) {
  useDocumentTitle(`${title} · Convoke`);
  return (
    <Stack gap="lg" className={classes.page} data-wide={isWide || undefined}>
      <Group justify="space-between" align="start" gap="md">
        <Box maw={640}>
          <Title order={1} id="title" tabIndex={-1} className="breaks">
            {title}
          </Title>
          {(about || help) && (
            <Text c="dimmed" mt={4}>
              {about} {help && <HowThisWorks help={help} />}
            </Text>
          )}
        </Box>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

/** In a tab of its own: nobody loses sight of what they are at. */
function HowThisWorks({ help }: { help: string }) {
  const [page, hash = ''] = help.split('#');
  return (
    <Anchor component={Link} to={`/help/${page}`} hash={hash} target="_blank" underline="always">
      How this works
      <VisuallyHidden> (opens in a new tab)</VisuallyHidden>
    </Anchor>
  );
}
