// Where one is signed in, and one's password.
import { Badge, Button, Group, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconLogout } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { answer, api, Refusal, type Shapes } from '../api/client';
import { Card } from '../frame/Card';
import { Page } from '../frame/Page';
import { Trouble } from '../frame/Trouble';
import { Question } from '../parts/dialogs';
import { IconDeed } from '../parts/IconDeed';
import { type Column, Lines, LinesToCome } from '../parts/Lines';
import { otherwiseWrong, wrongWith } from '../parts/said';
import { NewPassword } from '../session/NewPassword';
import { ago, atMoment } from '../words/format';
import { browserOf } from './browsers';
import { sessionsQuery } from './queries';

type SessionLine = Shapes['SessionLine'];

const COLUMNS: [Column<SessionLine>, ...Column<SessionLine>[]] = [
  {
    title: 'Browser',
    cell: ({ client, current }) => (
      <>
        {browserOf(client)}{' '}
        {current && (
          <Badge variant="default" tt="none" fw={500} ml={4}>
            This one
          </Badge>
        )}
      </>
    ),
  },
  { title: 'Address', cell: ({ address }) => address, width: '22%' },
  { title: 'Signed in', cell: ({ created_at }) => <Moment at={created_at} />, width: '20%' },
  { title: 'Last used', cell: ({ seen_at }) => <Moment at={seen_at} />, width: '20%' },
];

function Moment({ at }: { at: string }) {
  return <time title={atMoment(at)}>{ago(at)}</time>;
}

export default function SessionsPage() {
  return (
    <Page
      title="Sessions and password"
      about="Where you are signed in."
      help="settings#sessions-and-password"
    >
      <Sessions />
      <Password />
    </Page>
  );
}

function Sessions() {
  const cache = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const [isAsking, setAsking] = useState(false);
  const refresh = () => cache.invalidateQueries({ queryKey: ['sessions'] });
  const end = useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } })),
    onSuccess: refresh,
  });
  const endOthers = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/sessions')),
    onSuccess: async () => {
      setAsking(false);
      await refresh();
    },
  });
  if (sessions.isError && !sessions.data)
    return <Trouble error={sessions.error} again={() => void sessions.refetch()} />;
  if (!sessions.data) return <LinesToCome count={2} />;
  return (
    <Stack component="section" gap="sm" aria-label="Sessions">
      <Lines
        label="Sessions"
        items={sessions.data}
        keyOf={({ id }) => id}
        columns={COLUMNS}
        deeds={({ id, client, current }) =>
          !current && (
            <IconDeed
              label={`End the session of ${browserOf(client)}`}
              icon={<IconLogout size={18} aria-hidden />}
              onClick={() => end.mutate(id)}
            />
          )
        }
      />
      {end.isError && <Trouble error={end.error} />}
      {sessions.data.length > 1 && (
        <Group>
          <Button variant="default" onClick={() => setAsking(true)}>
            End all others
          </Button>
        </Group>
      )}
      {isAsking && (
        <Question
          title="End all other sessions?"
          deed="End them"
          isBusy={endOthers.isPending}
          error={endOthers.error}
          onClose={() => setAsking(false)}
          onYes={() => endOthers.mutate()}
        >
          Every other browser that is signed in as you has to sign in again. This one stays.
        </Question>
      )}
    </Stack>
  );
}

function Password() {
  const cache = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const change = useMutation({
    mutationFn: (body: Shapes['PasswordChange']) => answer(api.POST('/api/v1/session/password', { body })),
    onSuccess: async () => {
      form.current?.reset();
      notifications.show({
        message: 'The password is changed. All other sessions have ended.',
        closeButtonProps: { 'aria-label': 'Close the notice' },
      });
      await cache.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    change.mutate({ old: String(said.get('old')) || null, new: String(said.get('new')) });
  };
  const isOldWrong = change.error instanceof Refusal && isOfOld(change.error);
  return (
    <Card>
      <Title order={2} mb="xs">
        Change the password
      </Title>
      <Text c="dimmed" mb="md">
        All your other sessions end with it.
      </Text>
      <form onSubmit={submit} ref={form}>
        <Stack maw={400}>
          <PasswordInput
            label="Password so far"
            name="old"
            autoComplete="current-password"
            error={isOldWrong ? 'This is not your password.' : undefined}
            visibilityToggleButtonProps={{ 'aria-label': 'Show password', tabIndex: 0 }}
          />
          <NewPassword
            label="New password"
            name="new"
            error={isOldWrong ? undefined : wrongWith(change.error, 'usage')}
          />
          {!isOldWrong && otherwiseWrong(change.error, 'usage') ? <Trouble error={change.error} /> : null}
          <Group>
            <Button type="submit" loading={change.isPending}>
              Change it
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

const isOfOld = ({ code }: Refusal) => code === 'sign_in_failed' || code === 'password_wrong';
