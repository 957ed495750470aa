// Lists of made-up people, to try an import with.
import { Button, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import advocates from '../../../../../samples/advocates.csv?url';
import advocatesRealLife from '../../../../../samples/advocates-real-life.csv?url';
import creators from '../../../../../samples/creators.csv?url';
import creatorsRealLife from '../../../../../samples/creators-real-life.csv?url';
import prospects from '../../../../../samples/prospects.csv?url';
import prospectsRealLife from '../../../../../samples/prospects-real-life.csv?url';
import { Unreachable } from '../../../api/client';
import { unreachable } from '../../../api/reachability';
import { Card } from '../../../frame/Card';
import { Trouble } from '../../../frame/Trouble';
import type { Plural } from '../../../words/recordTypes';

type Sample = { name: string; title: string; address: string };

const samples = (plural: Plural, clean: string, realLife: string): Sample[] => [
  { name: `${plural}.csv`, title: 'A tidy list', address: clean },
  { name: `${plural}-real-life.csv`, title: 'A list with mistakes in it', address: realLife },
];

const SAMPLES: Record<Plural, Sample[]> = {
  creators: samples('creators', creators, creatorsRealLife),
  prospects: samples('prospects', prospects, prospectsRealLife),
  advocates: samples('advocates', advocates, advocatesRealLife),
};

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
