// The audit log as sentences: who did what, when, from where.
import { Anchor, Button, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Page } from '../frame/Page';
import { Trouble } from '../frame/Trouble';
import { type Column, Lines, LinesToCome } from '../parts/Lines';
import { More } from '../parts/More';
import { useMay } from '../session/queries';
import { ago, atMoment } from '../words/format';
import { sentence } from './deeds';
import { NotAllowed } from './NotAllowed';
import { type AuditEntry, auditQuery, membersQuery } from './queries';

export default function AuditPage() {
  const may = useMay();
  if (!may('read_audit')) return <NotAllowed title="Audit log" who="Admins and owners read the audit log." />;
  return <Log />;
}

const isImport = ({ action, object }: AuditEntry) =>
  object !== null && (action.startsWith('import_') || action === 'file_downloaded');

function Log() {
  const list = useInfiniteQuery(auditQuery);
  const members = useQuery(membersQuery);
  const nameOf = (id: string | null) => members.data?.find((member) => member.id === id)?.name;
  const items = list.data?.pages.flatMap(({ items }) => items);
  const columns: [Column<AuditEntry>, ...Column<AuditEntry>[]] = [
    {
      title: 'What',
      cell: (entry) => (
        <Text size="sm" fw={400} className="breaks">
          <Text span inherit fw={600}>
            {whoActed(entry)}
          </Text>{' '}
          {sentence(entry, nameOf)}
          {isImport(entry) && (
            <>
              {' · '}
              <Anchor component={Link} to={`/imports/${entry.object}`} size="sm" underline="always">
                See the import
              </Anchor>
            </>
          )}
        </Text>
      ),
    },
    { title: 'When', cell: ({ at }) => <time title={atMoment(at)}>{ago(at)}</time>, width: '11rem' },
    { title: 'From', cell: ({ address }) => address, width: '11rem' },
  ];
  return (
    <Page
      title="Audit log"
      about="Who did what, when, and from which address. The newest first."
      help="settings#audit-log"
      actions={
        <Button
          component="a"
          href="/api/v1/audit/export"
          download
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          Export as CSV
        </Button>
      }
    >
      {list.isError && !items && <Trouble error={list.error} again={() => void list.refetch()} />}
      {list.isPending && <LinesToCome count={8} />}
      <Stack>
        {items && <Lines label="Audit log" items={items} keyOf={({ id }) => id} columns={columns} />}
        <More list={list} />
      </Stack>
    </Page>
  );
}

function whoActed({ actor: { kind, name } }: AuditEntry): string {
  if (kind === 'token') return `The ${name}`;
  if (kind === 'command_line') return 'Somebody at the command line';
  if (kind === 'worker') return 'Convoke';
  if (kind === 'nobody') return 'Somebody';
  return name;
}
