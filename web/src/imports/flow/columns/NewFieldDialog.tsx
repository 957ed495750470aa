// A custom field is made for a column, and the column becomes it.
import { Checkbox, Select, TagsInput, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { answer, api, deedKey } from '../../../api/client';
import { FIELD_TYPES, hasOptions } from '../../../fields/queries';
import { Trouble } from '../../../frame/Trouble';
import { FormDialog } from '../../../parts/dialogs';
import { people } from '../../../words/recordTypes';
import { type Column, type Draft, useChange } from '../draft';
import { valuesQuery } from '../queries';
import { deciding } from './decide';
import { type FieldType, LONGEST_NAME, type NewField } from './newField';

const isType = (word: string | null | undefined): word is FieldType =>
  FIELD_TYPES.some(({ type }) => type === word);

type Props = { draft: Draft; column: Column; close: () => void };

export function NewFieldDialog({ draft, column, close }: Props) {
  const type = draft.import.record_type;
  const guess = column.suggestion?.new_field;
  const [field, setField] = useState<NewField>({
    name: column.header.trim().slice(0, LONGEST_NAME),
    record_type: type,
    type: isType(guess) ? guess : 'text',
    multiple: false,
    options: [],
  });
  const make = useMake(draft, column, close);
  const set = (changed: Partial<NewField>) => setField((before) => ({ ...before, ...changed }));
  const ofType = (value: string | null) => {
    if (!isType(value)) return;
    set({ type: value, options: [], multiple: false });
  };
  return (
    <FormDialog
      title="Make a custom field"
      submit="Make it"
      isBusy={make.isPending}
      error={make.error}
      onClose={close}
      onSubmit={() => make.mutate(field)}
    >
      <TextInput
        label="Name"
        value={field.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        maxLength={LONGEST_NAME}
        required
        data-autofocus
      />
      <Select
        label="What it holds"
        description={`${FIELD_TYPES.find(({ type }) => type === field.type)?.about}. This cannot be changed later.`}
        data={FIELD_TYPES.map(({ type, title }) => ({ value: type, label: title }))}
        value={field.type}
        onChange={ofType}
        allowDeselect={false}
      />
      {hasOptions(field.type) && <Options {...{ draft, column, field, set }} />}
      {field.type === 'text' && (
        <Checkbox
          label="Several values in a cell, split at a comma and a space"
          checked={field.multiple ?? false}
          onChange={({ currentTarget }) => set({ multiple: currentTarget.checked })}
        />
      )}
      <Text size="sm" c="dimmed">
        All {people(type, 2)} of this workspace get this field.
      </Text>
    </FormDialog>
  );
}

type OptionsProps = {
  draft: Draft;
  column: Column;
  field: NewField;
  set: (changed: Partial<NewField>) => void;
};

/** The options of a select: what the file holds, until somebody says otherwise. */
function Options({ draft, column, field, set }: OptionsProps) {
  const values = useQuery(valuesQuery(draft.import.import, column.column, field.type === 'multi_select'));
  const options = field.options ?? [];
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when they are there
  useEffect(() => {
    if (values.data) set({ options: values.data.values.map(({ value }) => value) });
  }, [values.data]);
  const about = values.data?.more
    ? `The first ${values.data.values.length} values of the file; it has more. Perhaps this is better a text.`
    : 'The values of the file. A row with another one fails, and can be mended in the review.';
  return (
    <>
      <TagsInput
        label="Options"
        description={about}
        value={options}
        onChange={(options) => set({ options })}
        loading={values.isPending}
        required={options.length === 0}
      />
      {values.isError && <Trouble error={values.error} again={() => void values.refetch()} />}
    </>
  );
}

function useMake(draft: Draft, column: Column, close: () => void) {
  const cache = useQueryClient();
  const change = useChange(draft.import.import);
  const deed = useRef({ about: '', key: '' });
  return useMutation({
    mutationFn: async (field: NewField) => {
      const about = JSON.stringify(field);
      // Sent again as it was it is one deed.
      if (deed.current.about !== about) deed.current = { about, key: deedKey() };
      const header = { 'Idempotency-Key': deed.current.key };
      const made = await answer(api.POST('/api/v1/fields', { params: { header }, body: field }));
      await change.mutateAsync((now) => deciding(now, [[column, made.name]]));
    },
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ['fields'] });
      close();
    },
  });
}
