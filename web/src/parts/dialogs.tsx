// Dialogs: a form, or a question before a deed that takes something away.
import { Button, Group, Stack, Text } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { Trouble } from '../frame/Trouble';
import { Dialog } from './Dialog';

type FormProps = {
  submit: string;
  isBusy: boolean;
  /** What does not stand beside a field. */
  error?: unknown;
  onClose: () => void;
  onSubmit: (form: FormData) => void;
  children: ReactNode;
};

export function FormDialog({ title, ...form }: FormProps & { title: string }) {
  return (
    <Dialog title={title} onClose={form.onClose}>
      <DialogForm {...form} />
    </Dialog>
  );
}

/** The form alone, for a dialog that shows something else before it. */
export function DialogForm({ submit, isBusy, error, onClose, onSubmit, children }: FormProps) {
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isBusy) onSubmit(new FormData(event.currentTarget));
  };
  return (
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
  );
}

type QuestionProps = {
  title: string;
  /** What it does, in words. */
  children: ReactNode;
  deed: string;
  /** The way back, in words. */
  stay?: string;
  isBusy: boolean;
  error?: unknown;
  isOpen?: boolean;
  /** It takes nothing away. */
  isHarmless?: boolean;
  onClose: () => void;
  onYes: () => void;
};

export function Question(props: QuestionProps) {
  const { title, children, deed, stay = 'Cancel', isBusy, error, isOpen = true, isHarmless = false } = props;
  const { onClose, onYes } = props;
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      <Stack>
        {typeof children === 'string' ? <Text className="breaks">{children}</Text> : children}
        {error ? <Trouble error={error} /> : null}
        <Group justify="end" gap="sm">
          <Button variant="default" onClick={onClose} data-autofocus>
            {stay}
          </Button>
          <Button {...(isHarmless ? {} : { color: 'red.9' })} loading={isBusy} onClick={onYes}>
            {deed}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
