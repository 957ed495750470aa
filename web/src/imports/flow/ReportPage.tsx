// What became of an import: numbers that add up, its files, and what to do next.
import { Anchor, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Card } from '../../frame/Card';
import { Page } from '../../frame/Page';
import { Trouble } from '../../frame/Trouble';
import { Pairs } from '../../parts/Pairs';
import { PeopleButton } from '../../people/PeopleLink';
import { useMay } from '../../session/queries';
import { atMoment, count, duration, many } from '../../words/format';
import { people, pluralOf } from '../../words/recordTypes';
import { useFollowUp, useRepeat } from '../deeds';
import { useImportAt } from '../live';
import { processed } from '../outcomes';
import { Picture } from '../Picture';
import { hasRun, type Import, importQuery, isDiscarded } from '../queries';
import { RowsView } from '../rows/RowsView';
import { StatusBadge } from '../StatusBadge';
import type { Draft } from './draft';
import { Files } from './Files';
import { Stopped } from './Stopped';

export default function ReportPage() {
  const { id } = useParams({ from: '/member/flow/imports/$id/report' });
  const { item, query } = useImportAt(id, 'report');
  return (
    <Page title="Report" about={item?.file} help="report" isWide actions={item && <Next item={item} />}>
      {query.isError && !item && <Trouble error={query.error} again={() => void query.refetch()} />}
      {item ? <Report item={item} /> : !query.isError && <Skeleton h={240} radius="lg" />}
    </Page>
  );
}

function Report({ item }: { item: Import }) {
  const isRun = item.kind === 'import';
  const hasRows = processed(item.counts) > 0;
  return (
    <>
      <Stopped item={item} />
      <Card>
        <Stack gap="md">
          <Group justify="space-between">
            <Title order={2} className="breaks">
              {headline(item)}
            </Title>
            <StatusBadge item={item} />
          </Group>
          {item.counts.total > 0 && <Picture counts={item.counts} isPlan={!isRun} />}
          {item.counts.total > 0 && !isDiscarded(item) && <Text className="numbers">{sum(item)}</Text>}
          <Facts item={item} />
        </Stack>
      </Card>
      <Files item={item} />
      {hasRows && (
        <section aria-label="Rows">
          <Title order={2} mb="sm">
            Rows
          </Title>
          <RowsView id={item.import} counts={item.counts} isPlan={!isRun} />
        </section>
      )}
    </>
  );
}

function headline(item: Import): string {
  const { kind, status, counts, record_type, file } = item;
  if (status === 'refused') return `${file} was refused. Nobody was changed.`;
  if (isDiscarded(item)) return 'Discarded. Nobody was changed.';
  if (kind === 'dry_run') return 'A dry run: nobody was changed.';
  const imported = counts.created + counts.updated;
  if (imported === 0) return 'Nobody was changed.';
  const done = `${many(imported, people(record_type, 1), people(record_type, 2))} imported`;
  return status === 'cancelled' ? `${done} before it was cancelled.` : `${done}.`;
}

/** The total and its parts: they add up. */
function sum({ counts, kind }: Import): string {
  const imported = counts.created + counts.updated;
  const parts = [
    `${count(imported)} ${kind === 'dry_run' ? 'to be imported' : 'imported'} (${count(counts.created)} new, ${count(counts.updated)} updated)`,
    `${count(counts.unchanged)} unchanged`,
    `${count(counts.skipped)} skipped`,
    kind === 'dry_run'
      ? many(counts.failed, 'needs a look', 'need a look')
      : `${count(counts.failed)} failed`,
    ...(counts.not_processed > 0 ? [`${count(counts.not_processed)} not processed`] : []),
  ];
  return `${many(counts.total, 'row')} = ${parts.join(' + ')}`;
}

function Facts({ item }: { item: Import }) {
  const { ended_at: ended } = item;
  const started = isDiscarded(item) ? null : item.started_at;
  const took = started && ended && duration((new Date(ended).getTime() - new Date(started).getTime()) / 1000);
  return (
    <Pairs
      pairs={[
        ['Uploaded by', item.created_by],
        ['Started', started && atMoment(started)],
        ['Ended', ended && atMoment(ended)],
        ['Took', took],
        [
          'Ended otherwise than the check foretold',
          item.drifted > 0 && `${many(item.drifted, 'row')}, because people changed in between`,
        ],
        ['Failed rows of', item.parent && <Parent id={item.parent} />],
      ]}
    />
  );
}

function Parent({ id }: { id: string }) {
  const parent = useQuery(importQuery(id));
  return (
    <Anchor component={Link} to={`/imports/${id}/report`}>
      {parent.data?.file ?? id}
    </Anchor>
  );
}

/** What follows a report. */
function Next({ item }: { item: Import }) {
  const may = useMay();
  const navigate = useNavigate();
  const followUp = useFollowUp(item.import);
  const repeat = useRepeat(item.import);
  const plural = pluralOf(item.record_type);
  const ran = hasRun(item);
  // A file that could not be understood has no rows, and was not kept.
  const isKept = item.counts.total > 0;
  const goTo = async (draft: Promise<Draft | undefined>) => {
    const made = await draft.catch(() => undefined);
    if (made) await navigate({ href: `/imports/${made.import.import}` });
  };
  return (
    <>
      {followUp.isError && <Trouble error={followUp.error} />}
      {repeat.isError && <Trouble error={repeat.error} />}
      {!ran && !isKept && may('import') && (
        <Button component={Link} to={`/imports/new/${plural}`}>
          Upload it once more
        </Button>
      )}
      {!ran && isKept && may('import') && (
        <Button loading={repeat.isPending} onClick={() => void goTo(repeat.mutateAsync())}>
          {item.status === 'refused' ? 'Put it right' : 'Import this list'}
        </Button>
      )}
      {ran && item.counts.created > 0 && (
        <PeopleButton to={`/${plural}`} search={{ import: item.import }} variant="default">
          See the new {plural}
        </PeopleButton>
      )}
      {ran && item.counts.failed > 0 && may('import') && (
        <Button loading={followUp.isPending} onClick={() => void goTo(followUp.mutateAsync())}>
          {item.counts.failed === 1 ? 'Fix this row' : `Fix these ${count(item.counts.failed)} rows`}
        </Button>
      )}
    </>
  );
}
