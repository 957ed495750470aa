// Lets a member leave: what hangs on it is shown first, and goes to an heir.
import { Alert, List, NativeSelect, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api, type Shapes } from '../api/client';
import { Trouble } from '../frame/Trouble';
import { Question } from '../parts/dialogs';
import { useSession } from '../session/queries';
import { many } from '../words/format';
import type { Member } from './queries';

type Props = { member: Member; members: Member[]; onClose: () => void };

export function RemoveMember({ member, members, onClose }: Props) {
  const { member: me } = useSession();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { id, name } = member;
  const isMe = id === me;
  const heirs = members.filter((other) => other.id !== id);
  const [heir, setHeir] = useState(heirs.find((other) => other.id === me)?.id ?? heirs[0]?.id ?? '');
  const leaving = useQuery({
    queryKey: ['members', id, 'leaving'],
    queryFn: () => answer(api.GET('/api/v1/members/{id}/leaving', { params: { path: { id } } })),
    gcTime: 0,
  });
  const go = useMutation({
    mutationFn: () =>
      answer(api.DELETE('/api/v1/members/{id}', { params: { path: { id }, query: { heir } } })),
    onSuccess: async () => {
      onClose();
      if (isMe) {
        cache.clear();
        await navigate({ to: '/sign-in' });
      } else await cache.invalidateQueries({ queryKey: ['members'] });
    },
  });
  if (heirs.length === 0) return <Alone onClose={onClose} />;
  return (
    <Question
      title={isMe ? 'Leave this workspace?' : `Remove ${name}?`}
      deed={isMe ? 'Leave' : 'Remove'}
      isBusy={go.isPending}
      error={go.error}
      onClose={onClose}
      onYes={() => go.mutate()}
    >
      <Text className="breaks">
        {isMe ? 'You' : name} can open this workspace no longer. What was done stays in the history.
      </Text>
      {leaving.isPending && <Skeleton h={80} />}
      {leaving.isError && <Trouble error={leaving.error} again={() => void leaving.refetch()} />}
      {leaving.data && <Belongings leaving={leaving.data} />}
      <NativeSelect
        label="Who takes over"
        description="Tokens stay good and imports go on in that name"
        value={heir}
        onChange={(event) => setHeir(event.currentTarget.value)}
        data={heirs.map(({ id, name, email }) => ({ value: id, label: `${name}, ${email}` }))}
      />
    </Question>
  );
}

function Alone({ onClose }: { onClose: () => void }) {
  return (
    <Question
      title="Leave this workspace?"
      deed="Understood"
      isBusy={false}
      onClose={onClose}
      onYes={onClose}
    >
      You are the only member. Invite somebody and make that person an owner first, so that the workspace is
      not left without one.
    </Question>
  );
}

function Belongings({ leaving }: { leaving: Shapes['Leaving'] }) {
  const { tokens, imports, mappings, is_default_sender: isSender } = leaving;
  const names = (things: { name: string }[]) => things.map(({ name }) => name).join(', ');
  const lines = [
    tokens.length > 0 && `${many(tokens.length, 'token')}: ${names(tokens)}`,
    imports.length > 0 && `${many(imports.length, 'import')} that have not ended: ${names(imports)}`,
    mappings.length > 0 && `${many(mappings.length, 'saved mapping')}: ${names(mappings)}`,
    isSender && 'The workspace writes in this name',
  ].filter((line) => typeof line === 'string');
  if (lines.length === 0)
    return <Text c="dimmed">No tokens, running imports or saved mappings hang on it.</Text>;
  return (
    <Alert color="orange" title="This hangs on it">
      <Stack gap="xs">
        <List size="sm" className="breaks">
          {lines.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
      </Stack>
    </Alert>
  );
}
