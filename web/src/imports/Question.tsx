// A deed that is asked about first: its consequence, the way back, the deed.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Trouble } from '../frame/Trouble';

type Props = {
  isOpen: boolean;
  close: () => void;
  title: string;
  children: ReactNode;
  deed: string;
  stay: string;
  act: () => void;
  isBusy: boolean;
  error: unknown;
};

export function Question({ isOpen, close, title, children, deed, stay, act, isBusy, error }: Props) {
  return (
    <Modal opened={isOpen} onClose={close} title={title}>
      <Stack>
        <Text size="sm">{children}</Text>
        {error !== null && error !== undefined && <Trouble error={error} />}
        <Group justify="end">
          <Button variant="default" onClick={close} data-autofocus>
            {stay}
          </Button>
          <Button color="red.8" autoContrast={false} onClick={act} loading={isBusy}>
            {deed}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
