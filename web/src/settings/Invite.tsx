import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { FormDialog } from '../parts/dialogs';
import { Once } from '../parts/Once';
import { otherwiseWrong, said, wrongWith } from '../parts/said';
import { RoleChoice } from './roles';

const TOLD = ['usage', 'conflict'];

/** Invites somebody; the link is passed on by whoever invites. */
export function Invite({ onClose }: { onClose: () => void }) {
  const cache = useQueryClient();
  const invite = useMutation({
    mutationFn: (body: { email: string; role: string }) =>
      answer(api.POST('/api/v1/member-invitations', { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['invitations'] }),
  });
  if (invite.data) {
    return (
      <Once
        title="Pass this link on"
        about={`Convoke sends no mail for this: send the link to ${invite.data.invitation.email} yourself. It is shown this once, is good once, and for seven days.`}
        secret={invite.data.link}
        onClose={onClose}
      />
    );
  }
  return (
    <FormDialog
      title="Invite somebody"
      submit="Make the invitation"
      isBusy={invite.isPending}
      error={otherwiseWrong(invite.error, ...TOLD)}
      onClose={onClose}
      onSubmit={(form) => invite.mutate({ email: said(form, 'email'), role: said(form, 'role') })}
    >
      <TextInput
        label="E-mail"
        name="email"
        type="email"
        required
        data-autofocus
        error={wrongWith(invite.error, ...TOLD)}
      />
      <RoleChoice chosen="manager" />
    </FormDialog>
  );
}
