// Lists of made-up people, to try an import with.
import { Button, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Unreachable } from '../../../api/client';
import { unreachable } from '../../../api/reachability';
import { Card } from '../../../frame/Card';
import { Trouble } from '../../../frame/Trouble';
import type { Plural } from '../../../words/recordTypes';
import { SAMPLES, type Sample } from '../../../words/samples';

export function Samples({ plural, take }: { plural: Plural; take: (file: File) => void }) {
  const fetched = useMutation({ mutationFn: asFile, onSuccess: take });
  return (
    <Card>
      <Stack gap="sm">
        <Title order={2}>Just looking?</Title>
        <Text size="sm" c="dimmed">
          Try a sample with made-up people. You see everything an import does and can leave before anybody is
          imported.
        </Text>
        {SAMPLES[plural].map((sample) => (
          <Button
            key={sample.name}
            variant="default"
            loading={fetched.isPending && fetched.variables === sample}
            onClick={() => fetched.mutate(sample)}
          >
            {sample.title}
          </Button>
        ))}
        {fetched.isError && <Trouble error={fetched.error} />}
      </Stack>
    </Card>
  );
}

async function asFile({ name, address }: Sample): Promise<File> {
  const response = await fetch(address).catch(() => undefined);
  if (!response?.ok) {
    unreachable();
    throw new Unreachable();
  }
  return new File([await response.blob()], name, { type: 'text/csv' });
}
