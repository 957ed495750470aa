import { Alert, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { FormDialog } from '../parts/dialogs';
import { said } from '../parts/said';
import { useSession } from '../session/queries';
import type { Member } from './queries';
import { RoleChoice } from './roles';

export function ChangeRole({ member, onClose }: { member: Member; onClose: () => void }) {
  const { member: me } = useSession();
  const cache = useQueryClient();
  const change = useMutation({
    mutationFn: (role: string) =>
      answer(api.PATCH('/api/v1/members/{id}', { params: { path: { id: member.id } }, body: { role } })),
    onSuccess: async () => {
      // One's own role says what is offered everywhere.
      await cache.invalidateQueries();
      onClose();
    },
  });
  return (
    <FormDialog
      title={`The role of ${member.name}`}
      submit="Save"
      isBusy={change.isPending}
      error={change.error}
      onClose={onClose}
      onSubmit={(form) => change.mutate(said(form, 'role'))}
    >
      {member.id === me && (
        <Alert color="orange" title="This is your own role">
          <Text size="sm">With less than Owner you cannot give it back to yourself; another owner can.</Text>
        </Alert>
      )}
      <RoleChoice chosen={member.role} />
    </FormDialog>
  );
}
