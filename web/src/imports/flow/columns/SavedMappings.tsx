// Mappings by name: one that was saved is used, this one is saved.
import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api, deedKey, Refusal } from '../../../api/client';
import { Trouble, words } from '../../../frame/Trouble';
import { useMay } from '../../../session/queries';
import { people, pluralOf } from '../../../words/recordTypes';
import { type Draft, useChange } from '../draft';
import { mappingsQuery } from '../queries';
import { isOpen, nameOf } from './decide';

export function SavedMappings({ draft }: { draft: Draft }) {
  const may = useMay();
  const [isSaving, setSaving] = useState(false);
  const saved = useQuery(mappingsQuery(pluralOf(draft.import.record_type))).data ?? [];
  const change = useChange(draft.import.import);
  const chosen = draft.choices.mapping ?? null;
  const names = new Set([...saved.map(({ name }) => name), ...(chosen === null ? [] : [chosen])]);
  return (
    <Group gap="sm" align="end">
      {names.size > 0 && (
        <Select
          label="Use a saved mapping"
          placeholder="None"
          data={[...names]}
          value={chosen}
          onChange={(mapping) => change.mutate(() => ({ mapping }))}
          clearable
          clearButtonProps={{ 'aria-label': 'Use none', tabIndex: 0 }}
          searchable
          loading={change.isPending}
          error={change.isError ? words(change.error).message : undefined}
        />
      )}
      {may('organise') && !draft.columns.some(isOpen) && (
        <Button variant="default" onClick={() => setSaving(true)}>
          Save this mapping
        </Button>
      )}
      {isSaving && <SaveDialog draft={draft} close={() => setSaving(false)} />}
    </Group>
  );
}

function SaveDialog({ draft, close }: { draft: Draft; close: () => void }) {
  const save = useSave(draft, close);
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(name);
  };
  const isTaken = save.error instanceof Refusal && save.error.status === 409;
  return (
    <Modal opened onClose={close} title="Save this mapping">
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="dimmed">
            The next file with these headers is mapped at once. Everybody in this workspace can use it.
          </Text>
          <TextInput
            label="Name"
            placeholder={`${people(draft.import.record_type, 2)} from the CRM`}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={isTaken ? 'There is one of that name. Choose another name.' : undefined}
            maxLength={255}
            required
            data-autofocus
          />
          {save.isError && !isTaken && <Trouble error={save.error} />}
          <Group justify="end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function useSave({ columns, import: { record_type } }: Draft, close: () => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => {
      const map = columns.flatMap((column) =>
        column.field === null ? [] : [{ column: nameOf(column, columns), field: column.field }],
      );
      const ignore = columns
        .filter(({ decided }) => decided === 'ignored')
        .map((column) => nameOf(column, columns));
      const params = { header: { 'Idempotency-Key': deedKey() } };
      return answer(api.POST('/api/v1/mappings', { params, body: { name, record_type, map, ignore } }));
    },
    onSuccess: ({ name }) => {
      void cache.invalidateQueries({ queryKey: ['mappings'] });
      notifications.show({ message: `The mapping ${name} is saved.` });
      close();
    },
  });
}
