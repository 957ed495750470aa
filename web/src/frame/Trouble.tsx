// An error beside its cause: what happened, and the way out.
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Refusal, Unreachable } from '../api/client';
import { hintOf } from '../words/hints';

export function words(error: unknown): { message: string; hint: string } {
  if (error instanceof Refusal) return { message: error.message, hint: hintOf(error) };
  if (error instanceof Unreachable) {
    return { message: error.message, hint: 'This page goes on by itself as soon as it is back.' };
  }
  return {
    message: 'Something went wrong on this page',
    hint: 'Load it again. Nothing that was saved is lost.',
  };
}

export function Trouble({ error, again }: { error: unknown; again?: () => void }) {
  const { message, hint } = words(error);
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden />} title={message}>
      <Group justify="space-between" align="end">
        <Text size="sm" className="breaks">
          {hint}
        </Text>
        {again && (
          <Button size="xs" variant="default" onClick={again}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  );
}
