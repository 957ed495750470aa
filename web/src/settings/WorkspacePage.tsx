// The workspace: its name, in whose name it writes, and what becomes of the files of imports.
import {
  Alert,
  Button,
  Group,
  NativeSelect,
  NumberInput,
  Radio,
  Skeleton,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api, type Shapes } from '../api/client';
import { Card } from '../frame/Card';
import { Page } from '../frame/Page';
import { Trouble } from '../frame/Trouble';
import { TextField } from '../parts/fields';
import { isChangedMeanwhile, otherwiseWrong, said, wrongWith } from '../parts/said';
import { useMay } from '../session/queries';
import { count, many, size } from '../words/format';
import { membersQuery, type Workspace, workspaceQuery } from './queries';
import classes from './Settings.module.css';

export default function WorkspacePage() {
  const may = useMay();
  const workspace = useQuery(workspaceQuery);
  const isOwner = may('manage_workspace');
  return (
    <Page
      title="Workspace"
      about={isOwner ? undefined : 'Owners of the workspace may change this.'}
      help="settings#workspace"
    >
      {workspace.isError && !workspace.data && (
        <Trouble error={workspace.error} again={() => void workspace.refetch()} />
      )}
      {workspace.isPending && <Skeleton h={240} radius="lg" />}
      {workspace.data && (
        <>
          {isOwner ? (
            <Settings key={workspace.data.etag} seen={workspace.data.value} etag={workspace.data.etag} />
          ) : (
            <Shown workspace={workspace.data.value} />
          )}
          <Operators workspace={workspace.data.value} />
        </>
      )}
    </Page>
  );
}

const MOST_DAYS = 36_500;

function Settings({ seen, etag }: { seen: Workspace; etag: string | null }) {
  const cache = useQueryClient();
  const members = useQuery(membersQuery);
  const [isForEver, setForEver] = useState(seen.retention_days === null);
  const [days, setDays] = useState<number | string>(seen.retention_days ?? 365);
  const save = useMutation({
    mutationFn: (body: Shapes['WorkspaceChange']) =>
      answer(api.PATCH('/api/v1/workspace', { params: { header: { 'If-Match': etag ?? undefined } }, body })),
    onSuccess: async () => {
      notifications.show({ message: 'Saved.', closeButtonProps: { 'aria-label': 'Close the notice' } });
      await cache.invalidateQueries();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const sender = said(form, 'sender');
    save.mutate({
      name: said(form, 'name'),
      retention_days: isForEver ? null : Number(days),
      ...(sender && { default_sender: sender }),
    });
  };
  const isChanged = isChangedMeanwhile(save.error);
  const goesEarlier = !isForEver && (seen.retention_days === null || Number(days) < seen.retention_days);
  return (
    <Card>
      <form onSubmit={submit}>
        <Stack maw={520}>
          <TextField
            label="Name"
            name="name"
            longest={100}
            defaultValue={seen.name}
            wrong={wrongWith(save.error, 'conflict', 'usage')}
            required
          />
          <NativeSelect
            label="Default sender"
            description="In whose name invitations are written, once Convoke sends them"
            name="sender"
            key={members.isSuccess ? 'members' : 'none'}
            defaultValue={seen.default_sender ?? ''}
            data={[
              ...(seen.default_sender ? [] : [{ value: '', label: 'Nobody chosen' }]),
              ...(members.data ?? []).map(({ id, name, email }) => ({
                value: id,
                label: `${name}, ${email}`,
              })),
            ]}
          />
          <Radio.Group
            label="Files of imports"
            description="The file as it was uploaded; reports and counts stay in any case"
            value={isForEver ? 'ever' : 'days'}
            onChange={(kept) => setForEver(kept === 'ever')}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="ever" label="Keep them" />
              <Group gap="sm">
                <Radio value="days" label="Remove them after some days" />
                {!isForEver && (
                  <NumberInput
                    aria-label="Days until files are removed"
                    value={days}
                    onChange={setDays}
                    min={1}
                    max={MOST_DAYS}
                    allowDecimal={false}
                    hideControls
                    suffix=" days"
                    w={130}
                    required
                  />
                )}
              </Group>
            </Stack>
          </Radio.Group>
          {goesEarlier && (
            <Alert color="orange" title="Older files go within the hour">
              <Text size="sm">
                Files uploaded more than {many(Number(days), 'day')} ago are removed for good once you save.
              </Text>
            </Alert>
          )}
          {isChanged ? (
            <Alert role="alert" color="orange" title="Somebody else changed this while you had it open">
              <Stack gap="xs" align="start">
                <Text size="sm">
                  Nothing of yours was saved. Look at what is there now, then change it again.
                </Text>
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => {
                    save.reset();
                    void cache.invalidateQueries({ queryKey: workspaceQuery.queryKey });
                  }}
                >
                  Show what is there now
                </Button>
              </Stack>
            </Alert>
          ) : (
            otherwiseWrong(save.error, 'conflict', 'usage') !== undefined &&
            save.isError && <Trouble error={save.error} />
          )}
          <Group>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

function Shown({ workspace }: { workspace: Workspace }) {
  const members = useQuery(membersQuery);
  const sender = members.data?.find(({ id }) => id === workspace.default_sender)?.name;
  return (
    <Card>
      <dl className={classes.facts}>
        <dt>Name</dt>
        <dd>{workspace.name}</dd>
        <dt>Default sender</dt>
        <dd>{sender ?? 'Nobody chosen'}</dd>
        <dt>Files of imports</dt>
        <dd>
          {workspace.retention_days === null
            ? 'Kept'
            : `Removed after ${many(workspace.retention_days, 'day')}`}
        </dd>
      </dl>
    </Card>
  );
}

/** What whoever runs the installation has set. */
function Operators({ workspace }: { workspace: Workspace }) {
  const { files, limits, unconfirmed_days: unconfirmed } = workspace;
  return (
    <Card>
      <Title order={2}>Storage and limits</Title>
      <Text c="dimmed" mt={4} mb="md">
        Whoever runs this installation sets these.
      </Text>
      <dl className={classes.facts}>
        <dt>Files are stored</dt>
        <dd>
          {files.kind === 'folder'
            ? 'In a folder of the server'
            : `In the bucket ${files.place ?? ''}`.trim()}
        </dd>
        <dt>Drafts and dry runs</dt>
        <dd>Removed with their file after {many(unconfirmed, 'day')} if nobody confirms them</dd>
        <dt>A file has at most</dt>
        <dd>{size(limits.bytes)}</dd>
        <dt>Rows in one import</dt>
        <dd>
          {count(limits.creators)} creators, {count(limits.prospects)} prospects or {count(limits.advocates)}{' '}
          advocates
        </dd>
      </dl>
    </Card>
  );
}
