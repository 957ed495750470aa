// The first run: the link that the server printed makes the first owner.
import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { keep } from '../api/cache';
import { answer, api } from '../api/client';
import { Trouble } from '../frame/Trouble';
import { Door } from './Door';
import { NewPassword } from './NewPassword';
import { sessionQuery } from './queries';
import { useSecret } from './secret';

export default function FirstOwnerPage() {
  const navigate = useNavigate();
  const secret = useSecret();
  const begin = useMutation({
    mutationFn: async (owner: { name: string; email: string; password: string }) => {
      await answer(api.POST('/api/v1/first-owner', { body: { ...owner, secret } }));
      const { email, password } = owner;
      return answer(api.POST('/api/v1/session', { body: { email, password } }));
    },
    onSuccess: (session) => {
      keep(sessionQuery, session);
      void navigate({ to: '/', replace: true });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const said = (name: string) => String(form.get(name));
    begin.mutate({ name: said('name'), email: said('email'), password: said('password') });
  };
  return (
    <Door
      title="Welcome to Convoke"
      about="You are the first here. Make your account: you own the workspace and can invite others later."
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput label="Your name" name="name" autoComplete="name" required />
          <TextInput label="E-mail" name="email" type="email" autoComplete="username" required />
          <NewPassword label="Password" name="password" />
          {begin.isError && <Trouble error={begin.error} />}
          <Button type="submit" size="md" loading={begin.isPending}>
            Begin
          </Button>
        </Stack>
      </form>
    </Door>
  );
}
