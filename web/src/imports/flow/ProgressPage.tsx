// An import that runs: how far, how fast, and what can be done with it. It goes on whether somebody looks or not.
import { Button, Group, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Card } from '../../frame/Card';
import { Page } from '../../frame/Page';
import { Trouble } from '../../frame/Trouble';
import { Question } from '../../parts/dialogs';
import { useMay } from '../../session/queries';
import { count, duration, many } from '../../words/format';
import { useDeed } from '../deeds';
import { useImportAt } from '../live';
import { percentDone, processed } from '../outcomes';
import { Picture } from '../Picture';
import { usePace } from '../pace';
import type { Import } from '../queries';
import { Stopped } from './Stopped';

export default function ProgressPage() {
  const { id } = useParams({ from: '/member/flow/imports/$id/progress' });
  const { item, query } = useImportAt(id, 'progress');
  return (
    <Page title="Progress" about={item?.file} help="imports#while-it-runs">
      {query.isError && !item && <Trouble error={query.error} again={() => void query.refetch()} />}
      {item ? <Running item={item} /> : !query.isError && <Skeleton h={240} radius="lg" />}
    </Page>
  );
}

const TITLE: Partial<Record<Import['status'], string>> = {
  pending: 'Waiting for its turn',
  running: 'Importing',
  paused: 'Paused',
};

function Running({ item }: { item: Import }) {
  const done = processed(item.counts);
  const { total } = item.counts;
  const share = percentDone(item.counts);
  const pace = usePace(done, item.status === 'running');
  return (
    <Stack gap="lg">
      <Card>
        <Stack gap="sm">
          <Group justify="space-between">
            <Text size="lg" fw={600} role="status">
              {TITLE[item.status] ?? 'Finishing'}
            </Text>
            <Text className="numbers" c="dimmed">
              {pace !== undefined &&
                `${count(Math.round(pace))} rows/s, about ${duration((total - done) / pace)} left`}
            </Text>
          </Group>
          <Progress value={share} size="xl" radius="sm" aria-label={`${Math.floor(share)} % done`} />
          <Text size="sm" c="dimmed" className="numbers">
            {count(done)} of {many(total, 'row')}
          </Text>
          <Picture counts={item.counts} />
          <Deeds item={item} />
        </Stack>
      </Card>
      <Stopped item={item} />
      <Text c="dimmed">
        You may leave this page or close the browser: the import goes on, and you find it again under Imports.
      </Text>
    </Stack>
  );
}

function Deeds({ item }: { item: Import }) {
  const may = useMay();
  const deed = useDeed(item.import);
  const [asked, setAsked] = useState<'pause' | 'cancel'>();
  const [isAsking, { open, close }] = useDisclosure(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was asked for is done, or overtaken, when the state is another
  useEffect(() => setAsked(undefined), [item.status]);
  if (!may('import')) return null;
  const isPaused = item.status === 'paused';
  return (
    <Stack gap="sm">
      {deed.isError && !isAsking && <Trouble error={deed.error} />}
      <Group gap="sm">
        {isPaused ? (
          <Button
            onClick={() => deed.mutate('resume')}
            loading={deed.isPending && deed.variables === 'resume'}
          >
            Resume
          </Button>
        ) : (
          <Button
            variant="default"
            disabled={asked !== undefined}
            onClick={() => deed.mutate('pause', { onSuccess: () => setAsked('pause') })}
            loading={deed.isPending && deed.variables === 'pause'}
          >
            {asked === 'pause' ? 'Pausing' : 'Pause'}
          </Button>
        )}
        <Button variant="default" disabled={asked === 'cancel'} onClick={open}>
          {asked === 'cancel' ? 'Cancelling' : 'Cancel'}
        </Button>
        <Text size="sm" c="dimmed" role="status">
          {asked && 'It takes effect within a few seconds.'}
        </Text>
      </Group>
      <Question
        isOpen={isAsking}
        onClose={close}
        title="Cancel this import?"
        deed="Cancel the import"
        stay={isPaused ? 'Keep it paused' : 'Go on importing'}
        onYes={() =>
          deed.mutate('cancel', {
            onSuccess: () => {
              setAsked('cancel');
              close();
            },
          })
        }
        isBusy={deed.isPending}
        error={deed.error}
      >
        What was imported so far stays. The other rows are not imported; you can download them afterwards and
        import them later. A cancelled import cannot be resumed.
      </Question>
    </Stack>
  );
}
