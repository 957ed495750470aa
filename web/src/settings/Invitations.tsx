import { Text } from '@mantine/core';
import { IconMailX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../api/client';
import { Trouble } from '../frame/Trouble';
import { Question } from '../parts/dialogs';
import { IconDeed } from '../parts/IconDeed';
import { type Column, Lines, LinesToCome } from '../parts/Lines';
import { ago, atMoment } from '../words/format';
import { type Invitation, invitationsQuery } from './queries';
import { roleTitle } from './roles';

const COLUMNS: [Column<Invitation>, ...Column<Invitation>[]] = [
  { title: 'E-mail', cell: ({ email }) => email },
  { title: 'Invited by', cell: ({ invited_by }) => invited_by },
  { title: 'Role', cell: ({ role }) => roleTitle(role), width: '7rem' },
  {
    title: 'Good until',
    width: '9rem',
    cell: ({ expires_at }) =>
      new Date(expires_at).getTime() < Date.now() ? (
        'It has ended'
      ) : (
        <time title={atMoment(expires_at)}>{ago(expires_at)}</time>
      ),
  },
];

/** Those that were not used yet. */
export function Invitations() {
  const invitations = useQuery(invitationsQuery);
  const [revoked, setRevoked] = useState<Invitation>();
  if (invitations.isError && !invitations.data)
    return <Trouble error={invitations.error} again={() => void invitations.refetch()} />;
  if (!invitations.data) return <LinesToCome count={1} />;
  if (invitations.data.length === 0) return <Text c="dimmed">Nobody is invited at the moment.</Text>;
  return (
    <>
      <Lines
        label="Invitations"
        items={invitations.data}
        keyOf={({ id }) => id}
        columns={COLUMNS}
        deeds={(invitation) => (
          <IconDeed
            label={`Revoke the invitation of ${invitation.email}`}
            icon={<IconMailX size={18} aria-hidden />}
            onClick={() => setRevoked(invitation)}
          />
        )}
      />
      {revoked && <Revoke invitation={revoked} onClose={() => setRevoked(undefined)} />}
    </>
  );
}

function Revoke({ invitation: { id, email }, onClose }: { invitation: Invitation; onClose: () => void }) {
  const cache = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/member-invitations/{id}', { params: { path: { id } } })),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['invitations'] });
      onClose();
    },
  });
  return (
    <Question
      title={`Revoke the invitation of ${email}?`}
      deed="Revoke"
      isBusy={revoke.isPending}
      error={revoke.error}
      onClose={onClose}
      onYes={() => revoke.mutate()}
    >
      The link that was passed on works no longer. You can invite the same person again.
    </Question>
  );
}
