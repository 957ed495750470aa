import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Unreachable } from '../api/client';
import { onReachability, unreachable } from '../api/reachability';
import { Reachability } from './Reachability';
import { Trouble } from './Trouble';

/** An address of no page. */
export function Nothing() {
  useDocumentTitle('There is nothing here · Convoke');
  return (
    <Center mih="60vh" p="md">
      <Stack align="center">
        <Title order={1}>There is nothing here</Title>
        <Text c="dimmed">The address is mistyped, or what was here is gone.</Text>
        <Button component={Link} to="/">
          Go home
        </Button>
      </Stack>
    </Center>
  );
}

/** Files of the app that cannot be fetched: the server is away, or a newer one has others. */
const isUnfetched = (error: unknown) =>
  /dynamically imported module|module script failed|preload CSS/i.test(String(error));

/** A page that could not be shown. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const isAway = isUnfetched(error);
  useEffect(() => {
    if (!isAway) return;
    unreachable();
    return onReachability((isReachable) => isReachable && location.reload());
  }, [isAway]);
  return (
    <Center mih="60vh" p="md">
      <Stack maw={520}>
        <Title order={1}>This page cannot be shown</Title>
        <Trouble error={isAway ? new Unreachable() : error} again={isAway ? undefined : reset} />
        {isAway && <Reachability />}
      </Stack>
    </Center>
  );
}
