// One import of the history: what, when, by whom, how it stands, and what can be done with it.
import { ActionIcon, Anchor, Group, Menu, Progress, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Trouble } from '../frame/Trouble';
import { Question } from '../parts/dialogs';
import { useMay } from '../session/queries';
import { type Deed, useDeed } from './deeds';
import classes from './HistoryLine.module.css';
import { ImportAbout } from './ImportAbout';
import { percentDone } from './outcomes';
import { type Import, isActive, isPrepared } from './queries';
import { StatusBadge } from './StatusBadge';
import { inShort } from './summary';

export function HistoryLine({ item }: { item: Import }) {
  const share = percentDone(item.counts);
  const said = inShort(item);
  return (
    <div className={classes.line}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <div className={classes.what}>
          <Anchor component={Link} to={`/imports/${item.import}`} fw={600} className={classes.name}>
            <bdi>{item.file}</bdi>
          </Anchor>
          <ImportAbout item={item} />
        </div>
        <Actions item={item} />
      </Group>
      <Group gap="sm" mt={6}>
        <StatusBadge item={item} />
        {said && (
          <Text size="sm" c="dimmed" className="numbers">
            {said}
          </Text>
        )}
        <Onward item={item} />
      </Group>
      {(isActive(item) || item.status === 'paused') && (
        <Progress value={share} size="sm" mt="xs" aria-label={`${Math.floor(share)} % of ${item.file}`} />
      )}
    </div>
  );
}

const WAITS: Partial<Record<Import['status'], string>> = { draft: 'Go on preparing it', ready: 'Review it' };

/** What it waits for. */
function Onward({ item }: { item: Import }) {
  const may = useMay();
  const onward = WAITS[item.status];
  if (!onward || !may('import')) return null;
  return (
    <Anchor
      component={Link}
      to={`/imports/${item.import}`}
      size="sm"
      fw={600}
      underline="always"
      aria-label={`${onward}: ${item.file}`}
    >
      {onward}
    </Anchor>
  );
}

const DEEDS: Partial<Record<Import['status'], ('pause' | 'resume' | 'cancel')[]>> = {
  draft: ['cancel'],
  checking: ['cancel'],
  ready: ['cancel'],
  pending: ['pause', 'cancel'],
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
};
const TITLE = { pause: 'Pause', resume: 'Resume', cancel: 'Cancel' } satisfies Partial<Record<Deed, string>>;

function Actions({ item }: { item: Import }) {
  const may = useMay();
  const deed = useDeed(item.import);
  const [isAsking, { open, close }] = useDisclosure(false);
  const deeds = may('import') ? (DEEDS[item.status] ?? []) : [];
  const isDraft = isPrepared(item);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Actions for ${item.file}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component={Link} to={`/imports/${item.import}`}>
            Open
          </Menu.Item>
          {deeds.map((one) => (
            <Menu.Item key={one} onClick={() => (one === 'cancel' ? open() : deed.mutate(one))}>
              {one === 'cancel' && isDraft ? 'Discard' : TITLE[one]}
            </Menu.Item>
          ))}
          {may('export') && item.status !== 'refused' && (
            <Menu.Item component="a" href={`/api/v1/imports/${item.import}/files/original`} download>
              Download the original file
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {deed.isError && !isAsking && <Trouble error={deed.error} />}
      <Question
        isOpen={isAsking}
        onClose={close}
        title={isDraft ? `Discard ${item.file}?` : `Cancel ${item.file}?`}
        deed={isDraft ? 'Discard' : 'Cancel the import'}
        stay={isDraft ? 'Keep it' : 'Leave it'}
        onYes={() => deed.mutate('cancel', { onSuccess: close })}
        isBusy={deed.isPending}
        error={deed.error}
      >
        {isDraft
          ? 'Nobody was imported from it, and nobody will be. It stays in the history as cancelled, with its file for as long as files are kept.'
          : 'What was imported so far stays; the other rows are not imported and can be downloaded.'}
      </Question>
    </>
  );
}
