import { Anchor, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Door } from './Door';
import { SignInForm } from './SignInForm';

export default function SignInPage() {
  const navigate = useNavigate();
  const { to } = useSearch({ from: '/sign-in' });
  return (
    <Door title="Sign in">
      <SignInForm onSignedIn={() => void navigate({ to: to ?? '/', replace: true })} />
      <Text size="sm" c="dimmed">
        Your company signs you in? <Anchor href="/sign-in/oidc">Sign in with its account</Anchor>. No account
        yet? Ask an owner of your workspace for an invitation.
      </Text>
    </Door>
  );
}
