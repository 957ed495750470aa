// Who belongs to the workspace, and who is invited.
import { Badge, Button, Stack, Text, Title } from '@mantine/core';
import { IconUserCog, IconUserMinus, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Page } from '../frame/Page';
import { Trouble } from '../frame/Trouble';
import { IconDeed } from '../parts/IconDeed';
import { type Column, Lines, LinesToCome } from '../parts/Lines';
import { useMay, useSession } from '../session/queries';
import { onDay } from '../words/format';
import { ChangeRole } from './ChangeRole';
import { Invitations } from './Invitations';
import { Invite } from './Invite';
import { type Member, membersQuery } from './queries';
import { RemoveMember } from './RemoveMember';
import { roleTitle } from './roles';

export default function MembersPage() {
  const may = useMay();
  const isOwner = may('manage_members');
  const [isInviting, setInviting] = useState(false);
  return (
    <Page
      title="Members"
      about="Who may sign in to this workspace, and what each may do."
      help="settings#members"
      actions={
        isOwner && (
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setInviting(true)}>
            Invite somebody
          </Button>
        )
      }
    >
      <Members isOwner={isOwner} />
      {isOwner && (
        <Stack component="section" gap="sm" aria-label="Invitations">
          <Title order={2}>Invitations</Title>
          <Invitations />
        </Stack>
      )}
      {isInviting && <Invite onClose={() => setInviting(false)} />}
    </Page>
  );
}

function Members({ isOwner }: { isOwner: boolean }) {
  const { member: me } = useSession();
  const members = useQuery(membersQuery);
  const [changed, setChanged] = useState<Member>();
  const [removed, setRemoved] = useState<Member>();
  const columns: [Column<Member>, ...Column<Member>[]] = [
    {
      title: 'Name',
      cell: ({ id, name }) => (
        <>
          {name}{' '}
          {id === me && (
            <Badge variant="default" tt="none" fw={500} ml={4}>
              You
            </Badge>
          )}
        </>
      ),
    },
    { title: 'E-mail', cell: ({ email }) => email },
    { title: 'Role', cell: ({ role }) => roleTitle(role), width: '7rem' },
    { title: 'Since', cell: ({ since }) => onDay(since), width: '9rem' },
  ];
  const deeds = (member: Member) => (
    <>
      {isOwner && (
        <IconDeed
          label={`Change the role of ${member.name}`}
          icon={<IconUserCog size={18} aria-hidden />}
          onClick={() => setChanged(member)}
        />
      )}
      {(isOwner || member.id === me) && (
        <IconDeed
          label={member.id === me ? 'Leave this workspace' : `Remove ${member.name}`}
          icon={<IconUserMinus size={18} aria-hidden />}
          onClick={() => setRemoved(member)}
        />
      )}
    </>
  );
  if (members.isError && !members.data)
    return <Trouble error={members.error} again={() => void members.refetch()} />;
  if (!members.data) return <LinesToCome />;
  return (
    <>
      <Lines label="Members" items={members.data} keyOf={({ id }) => id} columns={columns} deeds={deeds} />
      {members.data.length === 1 && isOwner && (
        <Text c="dimmed">
          You are alone here. Invite a colleague, so that there is somebody while you are away.
        </Text>
      )}
      {changed && <ChangeRole member={changed} onClose={() => setChanged(undefined)} />}
      {removed && (
        <RemoveMember member={removed} members={members.data} onClose={() => setRemoved(undefined)} />
      )}
    </>
  );
}
