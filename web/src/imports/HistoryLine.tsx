// One import of the history: what, when, by whom, how it stands, and what can be done with it.
import { ActionIcon, Anchor, Group, Menu, Progress, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Trouble } from '../frame/Trouble';
import { Question } from '../parts/dialogs';
import { useMay } from '../session/queries';
import { count } from '../words/format';
import { type Deed, useDeed } from './deeds';
import classes from './HistoryLine.module.css';
import { ImportAbout } from './ImportAbout';
import { OUTCOMES, percentDone } from './outcomes';
import { type Import, isActive } from './queries';
import { StatusBadge } from './StatusBadge';

export function HistoryLine({ item }: { item: Import }) {
  const share = percentDone(item.counts);
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
        <Text size="sm" c="dimmed" className="numbers">
          {inShort(item)}
        </Text>
      </Group>
      {(isActive(item) || item.status === 'paused') && (
        <Progress value={share} size="sm" mt="xs" aria-label={`${Math.floor(share)} % of ${item.file}`} />
      )}
    </div>
  );
}

function inShort({ counts }: Import): string {
  return OUTCOMES.filter(({ outcome }) => outcome !== 'not_processed' && counts[outcome] > 0)
    .map(({ outcome, title }) => `${count(counts[outcome])} ${title.toLowerCase()}`)
    .join(', ');
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
  const hasBegun = item.started_at !== null;
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
              {TITLE[one]}
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
        title={`Cancel ${item.file}?`}
        deed="Cancel the import"
        stay="Leave it"
        onYes={() => deed.mutate('cancel', { onSuccess: close })}
        isBusy={deed.isPending}
        error={deed.error}
      >
        {hasBegun
          ? 'What was imported so far stays; the other rows are not imported and can be downloaded.'
          : 'Nobody was changed yet. The import ends here; to go on with the file, upload it again.'}
      </Question>
    </>
  );
}
