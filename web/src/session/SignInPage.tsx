import { Alert, Button, Stack } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { hasCompanySignIn } from '../document';
import { Door } from './Door';
import { SignInForm } from './SignInForm';

export default function SignInPage() {
  const navigate = useNavigate();
  const { to, refused, joined } = useSearch({ from: '/sign-in' });
  return (
    <Door title="Sign in">
      {refused && <CompanySignInFailed code={refused} />}
      {joined && <Joined />}
      {hasCompanySignIn && (
        <Button component="a" href="/sign-in/oidc" variant="default" size="md">
          Sign in with your company's account
        </Button>
      )}
      <SignInForm onSignedIn={() => void navigate({ to: to ?? '/', replace: true })} />
      <Stack gap="xs" c="dimmed" fz="sm">
        <div>No account yet? Ask an owner of your workspace for an invitation.</div>
        <div>
          Forgot your password? An owner can remove you from the workspace and invite you again; then you
          choose a new one.
        </div>
      </Stack>
    </Door>
  );
}

/** Behind an invitation: the server does not tell whom it was for. */
function Joined() {
  return (
    <Alert role="status" color="blue" icon={<IconCheck aria-hidden />} title="Your account is ready">
      Sign in with the e-mail address that the invitation was sent to, and the password you just typed.
    </Alert>
  );
}

type Words = { title: string; hint: string };

const REFUSED: Record<string, Words> = {
  sign_in_failed: {
    title: "Your company's account does not sign you in here",
    hint: 'It opens Convoke to members, whose e-mail address it has verified. Ask an owner of your workspace for an invitation.',
  },
  usage: {
    title: 'That took too long, or began in another browser',
    hint: 'Begin again.',
  },
};
const AWAY: Words = {
  title: "Your company's sign-in cannot be reached",
  hint: 'Try again in a while, or sign in with a password.',
};

/** The way by the company's server led back here. */
function CompanySignInFailed({ code }: { code: string }) {
  const { title, hint } = REFUSED[code] ?? AWAY;
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden />} title={title}>
      {hint}
    </Alert>
  );
}
