// Dialogs: a form, or a question before a deed that takes something away.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { Trouble } from '../frame/Trouble';

type FormProps = {
  title: string;
  submit: string;
  isBusy: boolean;
  /** What does not stand beside a field. */
  error?: unknown;
  onClose: () => void;
  onSubmit: (form: FormData) => void;
  children: ReactNode;
};

export function FormDialog({ title, submit, isBusy, error, onClose, onSubmit, children }: FormProps) {
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isBusy) onSubmit(new FormData(event.currentTarget));
  };
  return (
    <Modal opened onClose={onClose} title={title} styles={{ title: { fontWeight: 650 } }}>
      <form onSubmit={send}>
        <Stack>
          {children}
          {error ? <Trouble error={error} /> : null}
          <Group justify="end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

type QuestionProps = {
  title: string;
  /** What it does, in words. */
  children: ReactNode;
  deed: string;
  isBusy: boolean;
  error?: unknown;
  onClose: () => void;
  onYes: () => void;
};

export function Question({ title, children, deed, isBusy, error, onClose, onYes }: QuestionProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={<span className="breaks">{title}</span>}
      styles={{ title: { fontWeight: 650 } }}
    >
      <Stack>
        {typeof children === 'string' ? <Text className="breaks">{children}</Text> : children}
        {error ? <Trouble error={error} /> : null}
        <Group justify="end" gap="sm">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button color="red.9" loading={isBusy} onClick={onYes}>
            {deed}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
