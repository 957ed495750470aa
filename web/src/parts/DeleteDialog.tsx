// Deletes something: what hangs on it is said first, also what only the server knows.

import { Alert, Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Question } from './dialogs';
import { needsConsent } from './said';

type Props = {
  /** `the group Launch` */
  what: string;
  consequence: string;
  /** People it concerns, if that is known: they were told of in the consequence. */
  concerned?: number;
  /** The list it stands in. */
  list: string;
  remove: (confirm: boolean) => Promise<unknown>;
  /** Makes it again, where nothing hung on it. */
  restore?: (() => Promise<unknown>) | undefined;
  onClose: () => void;
};

export function DeleteDialog({ what, consequence, concerned = 0, list, remove, restore, onClose }: Props) {
  const cache = useQueryClient();
  const refresh = () => cache.invalidateQueries({ queryKey: [list] });
  const go = useMutation({
    mutationFn: remove,
    onSuccess: async (_, confirmed) => {
      const undo = confirmed ? undefined : restore;
      say(`Deleted ${what}.`, undo && (() => undo().then(refresh)));
      await refresh();
      onClose();
    },
  });
  const asks = needsConsent(go.error);
  return (
    <Question
      title={`Delete ${what}?`}
      deed={asks ? 'Delete it all the same' : 'Delete'}
      isBusy={go.isPending}
      error={asks ? undefined : go.error}
      onClose={onClose}
      onYes={() => go.mutate(asks || concerned > 0)}
    >
      <Text className="breaks">{consequence}</Text>
      {needsConsent(go.error) && (
        <Alert role="alert" color="orange" title="Something hangs on it">
          <Text size="sm" className="breaks">
            {go.error.message}
          </Text>
        </Alert>
      )}
    </Question>
  );
}

/** Says what was done, with the way back if there is one. */
function say(message: string, undo?: () => Promise<unknown>) {
  const id = notifications.show({
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" className="breaks">
          {message}
        </Text>
        {undo && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              undo().catch(() => notifications.show({ message: 'It could not be made again.' }));
            }}
          >
            Undo
          </Button>
        )}
      </Group>
    ),
    autoClose: undo ? 10_000 : 4_000,
    closeButtonProps: { 'aria-label': 'Close the notice' },
  });
}
