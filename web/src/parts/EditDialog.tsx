// Changes what somebody has seen: what somebody else changed meanwhile is told, and nothing of it is lost.
import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Trouble } from '../frame/Trouble';
import { Dialog } from './Dialog';
import { DialogForm } from './dialogs';
import { isChangedMeanwhile, otherwiseWrong } from './said';

type Seen<T> = { value: T; etag: string | null };

type Props<T> = {
  title: string;
  /** Names it among what was asked; the first word is the list it belongs to. */
  queryKey: [string, string];
  load: () => Promise<Seen<T>>;
  save: (form: FormData, seen: Seen<T>) => Promise<unknown>;
  /** Codes that a field tells. */
  told: string[];
  onClose: () => void;
  fields: (value: T, error: unknown) => ReactNode;
};

export function EditDialog<T>({ title, queryKey, load, save, told, onClose, fields }: Props<T>) {
  const cache = useQueryClient();
  const seen = useQuery({
    queryKey: [...queryKey, 'seen'],
    queryFn: load,
    // What is changed is what was read when the dialog opened.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const change = useMutation({
    mutationFn: ({ form, of }: { form: FormData; of: Seen<T> }) => save(form, of),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: [queryKey[0]] });
      onClose();
    },
  });
  const isChanged = isChangedMeanwhile(change.error);
  const readAgain = async () => {
    await seen.refetch();
    change.reset();
  };
  const form = (of: Seen<T>) => (
    <DialogForm
      key={of.etag}
      submit="Save"
      isBusy={change.isPending}
      error={isChanged ? undefined : otherwiseWrong(change.error, ...told)}
      onClose={onClose}
      onSubmit={(form) => change.mutate({ form, of })}
    >
      {fields(of.value, change.error)}
      {isChanged && (
        <Alert role="alert" color="orange" title="Somebody else changed this while you had it open">
          <Stack gap="xs" align="start">
            <Text size="sm">
              Nothing of yours was saved. Look at what is there now, then change it again.
            </Text>
            <Button size="xs" variant="default" loading={seen.isFetching} onClick={() => void readAgain()}>
              Show what is there now
            </Button>
          </Stack>
        </Alert>
      )}
    </DialogForm>
  );
  return (
    <Dialog title={title} onClose={onClose}>
      {seen.data ? (
        form(seen.data)
      ) : seen.isError ? (
        <Trouble error={seen.error} again={() => void seen.refetch()} />
      ) : (
        <Skeleton h={160} />
      )}
    </Dialog>
  );
}
