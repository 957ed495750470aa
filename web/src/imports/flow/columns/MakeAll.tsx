// Every column that no field has the name of becomes a custom field, in one deed.
import { List, ScrollArea, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { answer, api, deedKey, Refusal } from '../../../api/client';
import { titleOf } from '../../../fields/queries';
import { FormDialog } from '../../../parts/dialogs';
import { many } from '../../../words/format';
import { people } from '../../../words/recordTypes';
import { type Column, type Draft, useChange } from '../draft';
import { deciding } from './decide';
import { newField } from './newField';

type Props = { draft: Draft; columns: Column[]; close: () => void };

export function MakeAll({ draft, columns, close }: Props) {
  const type = draft.import.record_type;
  const make = useMakeAll(draft, columns, close);
  return (
    <FormDialog
      title={`Make ${many(columns.length, 'custom field')}?`}
      submit="Make them"
      isBusy={make.isPending}
      error={make.error}
      onClose={close}
      onSubmit={() => make.mutate()}
    >
      <Stack gap="xs">
        <Text size="sm">
          All {people(type, 2)} of this workspace get these fields. What a field holds cannot be changed
          later: to say otherwise for one of them, make that one by itself.
        </Text>
        <ScrollArea.Autosize mah={260} type="auto">
          <List size="sm">
            {columns.map((column) => (
              <List.Item key={column.column} className="breaks">
                <bdi>{column.header}</bdi>
                <Text span c="dimmed" size="sm">
                  {' '}
                  · {titleOf(newField(type, column).type)}
                </Text>
              </List.Item>
            ))}
          </List>
        </ScrollArea.Autosize>
      </Stack>
    </FormDialog>
  );
}

function useMakeAll(draft: Draft, columns: Column[], close: () => void) {
  const cache = useQueryClient();
  const change = useChange(draft.import.import);
  // Sent again, each is one deed.
  const keys = useRef(new Map<string, string>());
  const keyOf = (column: Column) => {
    const key = keys.current.get(column.column) ?? deedKey();
    keys.current.set(column.column, key);
    return key;
  };
  return useMutation({
    mutationFn: async () => {
      const made: [Column, string][] = [];
      for (const column of columns) {
        const body = newField(draft.import.record_type, column);
        const asked = api.POST('/api/v1/fields', {
          params: { header: { 'Idempotency-Key': keyOf(column) } },
          body,
        });
        // A colleague made it meanwhile: it is used.
        const name = await answer(asked).then(
          (field) => field.name,
          (error) => {
            if (error instanceof Refusal && error.code === 'name_taken') return body.name;
            throw error;
          },
        );
        made.push([column, name]);
      }
      await change.mutateAsync((now) => deciding(now, made));
    },
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ['fields'] });
      close();
    },
  });
}
