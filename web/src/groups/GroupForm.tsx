// Makes a group or changes one.
import { Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api, type Shapes, tagged } from '../api/client';
import { FormDialog } from '../parts/dialogs';
import { EditDialog } from '../parts/EditDialog';
import { TextField } from '../parts/fields';
import { otherwiseWrong, said, saidOrNull, wrongWith } from '../parts/said';
import { makeGroup } from './making';
import type { Group } from './queries';

const TOLD = ['name_taken', 'join_code_taken', 'usage'];

const heard = (form: FormData): Shapes['NewGroup'] => ({
  name: said(form, 'name'),
  description: saidOrNull(form, 'description'),
  code: saidOrNull(form, 'code'),
});

export function MakeGroup({ onClose }: { onClose: () => void }) {
  const cache = useQueryClient();
  const make = useMutation({
    mutationFn: makeGroup,
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['groups'] });
      onClose();
    },
  });
  return (
    <FormDialog
      title="New group"
      submit="Make the group"
      isBusy={make.isPending}
      error={otherwiseWrong(make.error, ...TOLD)}
      onClose={onClose}
      onSubmit={(form) => make.mutate(heard(form))}
    >
      <Fields error={make.error} />
    </FormDialog>
  );
}

export function EditGroup({ id, onClose }: { id: string; onClose: () => void }) {
  const path = { id };
  return (
    <EditDialog<Group>
      title="Change the group"
      queryKey={['groups', id]}
      told={TOLD}
      onClose={onClose}
      load={() => tagged(api.GET('/api/v1/groups/{id}', { params: { path } }))}
      save={(form, { etag }) =>
        answer(
          api.PATCH('/api/v1/groups/{id}', {
            params: { path, header: { 'If-Match': etag ?? undefined } },
            body: heard(form),
          }),
        )
      }
      fields={(group, error) => <Fields group={group} error={error} />}
    />
  );
}

function Fields({ group, error }: { group?: Group; error: unknown }) {
  const usage = wrongWith(error, 'usage');
  const isOfCode = usage?.includes('join code');
  return (
    <>
      <TextField
        label="Name"
        name="name"
        longest={255}
        defaultValue={group?.name}
        wrong={wrongWith(error, 'name_taken') ?? (isOfCode ? undefined : usage)}
        required
        data-autofocus
      />
      <Textarea
        label="Description"
        description="What the group is for"
        name="description"
        maxLength={1000}
        defaultValue={group?.description ?? ''}
        autosize
        minRows={2}
        maxRows={6}
      />
      <TextInput
        label="Join code"
        description="Optional and public: letters, digits, - and _"
        name="code"
        defaultValue={group?.code ?? ''}
        error={wrongWith(error, 'join_code_taken') ?? (isOfCode ? usage : undefined)}
      />
    </>
  );
}
