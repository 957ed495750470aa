// The session ended under an open page: sign in over it, and nothing of the page is lost.
import { Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect } from 'react';
import { onSessionEnd } from '../api/cache';
import { Dialog } from '../parts/Dialog';
import { useSession } from './queries';
import { SignInForm } from './SignInForm';

export function SessionEnded() {
  const { email } = useSession();
  const [isOpen, { open, close }] = useDisclosure(false);
  useEffect(() => onSessionEnd(open), [open]);
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      title="Your session ended"
      closeOnClickOutside={false}
      withCloseButton={false}
      // Above whatever dialog is open.
      zIndex={300}
    >
      <Stack>
        <Text c="dimmed">Sign in again to go on here. What you see is still as you left it.</Text>
        <SignInForm email={email} onSignedIn={close} />
      </Stack>
    </Dialog>
  );
}
