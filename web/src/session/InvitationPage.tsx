// Somebody was invited to a workspace: an account is made, or the one that is there gets another workspace.
import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { answer, api } from '../api/client';
import { Trouble } from '../frame/Trouble';
import { Door } from './Door';
import { NewPassword } from './NewPassword';
import { useSecret } from './secret';

export default function InvitationPage() {
  const navigate = useNavigate();
  const secret = useSecret();
  const accept = useMutation({
    mutationFn: (own: { name?: string; password?: string }) =>
      answer(api.POST('/api/v1/member-invitations/accept', { body: { ...own, secret } })),
    onSuccess: () => void navigate({ to: '/sign-in', search: { joined: true }, replace: true }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    accept.mutate({ name: String(form.get('name')), password: String(form.get('password')) });
  };
  return (
    <Door
      title="You are invited"
      about="Make your account, then sign in with the address the invitation was sent to."
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput label="Your name" name="name" autoComplete="name" required />
          <NewPassword label="Password" name="password" />
          {accept.isError && <Trouble error={accept.error} />}
          <Button type="submit" size="md" loading={accept.isPending}>
            Accept
          </Button>
        </Stack>
      </form>
      <Text size="sm" c="dimmed">
        You have an account here already? Type its password; your name stays as it is.
      </Text>
    </Door>
  );
}
