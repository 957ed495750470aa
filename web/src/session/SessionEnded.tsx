// The session ended under an open page: sign in over it, and nothing of the page is lost.
import { Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect } from 'react';
import { onSessionEnd } from '../api/cache';
import { useSession } from './queries';
import { SignInForm } from './SignInForm';

export function SessionEnded() {
  const { email } = useSession();
  const [isOpen, { open, close }] = useDisclosure(false);
  useEffect(() => onSessionEnd(open), [open]);
  return (
    <Modal
      opened={isOpen}
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
    </Modal>
  );
}
