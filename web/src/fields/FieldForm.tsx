// Defines a custom field or changes one. Its type never changes.
import { Checkbox, NativeSelect, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api, deedKey, type RecordType, type Shapes, tagged } from '../api/client';
import { FormDialog } from '../parts/dialogs';
import { EditDialog } from '../parts/EditDialog';
import { TextField } from '../parts/fields';
import { otherwiseWrong, said, wrongWith } from '../parts/said';
import { pluralOf } from '../words/recordTypes';
import { type CustomField, FIELD_TYPES, type FieldType, hasOptions } from './queries';

const TOLD = ['name_taken', 'usage', 'in_use'];

const optionsOf = (form: FormData) =>
  said(form, 'options')
    .split('\n')
    .map((option) => option.trim())
    .filter(Boolean);

export const makeField = (field: Shapes['NewCustomField']) =>
  answer(api.POST('/api/v1/fields', { params: { header: { 'Idempotency-Key': deedKey() } }, body: field }));

/** Which field of the form a refusal is about. */
function placed(error: unknown): { name?: string | undefined; options?: string | undefined } {
  const usage = wrongWith(error, 'usage', 'in_use');
  if (usage && /option|select/i.test(usage)) {
    // What a form has to do is not what a command line has to do.
    const options = usage.startsWith('A select needs options') ? 'Write at least one option.' : usage;
    return { options };
  }
  return { name: wrongWith(error, 'name_taken') ?? usage };
}

export function MakeField({ type, onClose }: { type: RecordType; onClose: () => void }) {
  const cache = useQueryClient();
  const [kind, setKind] = useState<FieldType>('text');
  const make = useMutation({
    mutationFn: makeField,
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['fields'] });
      onClose();
    },
  });
  const wrong = placed(make.error);
  return (
    <FormDialog
      title={`New field of ${pluralOf(type)}`}
      submit="Make the field"
      isBusy={make.isPending}
      error={otherwiseWrong(make.error, ...TOLD)}
      onClose={onClose}
      onSubmit={(form) =>
        make.mutate({
          record_type: type,
          name: said(form, 'name'),
          type: kind,
          multiple: kind === 'multi_select' || form.has('multiple'),
          options: hasOptions(kind) ? optionsOf(form) : [],
          shown: form.has('shown'),
        })
      }
    >
      <TextField
        label="Name"
        description="A column with this header is this field"
        name="name"
        longest={64}
        wrong={wrong.name}
        required
        data-autofocus
      />
      <NativeSelect
        label="What it holds"
        description={`${FIELD_TYPES.find(({ type }) => type === kind)?.about}. This cannot be changed later.`}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value as FieldType)}
        data={FIELD_TYPES.map(({ type, title }) => ({ value: type, label: title }))}
      />
      {hasOptions(kind) && <Options wrong={wrong.options} />}
      {kind !== 'multi_select' && (
        <Checkbox name="multiple" label="Takes several values, apart by comma in a file" />
      )}
      <Shown />
    </FormDialog>
  );
}

export function EditField({ id, onClose }: { id: string; onClose: () => void }) {
  const path = { id };
  return (
    <EditDialog<CustomField>
      title="Change the field"
      queryKey={['fields', id]}
      told={TOLD}
      onClose={onClose}
      load={() => tagged(api.GET('/api/v1/fields/{id}', { params: { path } }))}
      save={(form, { value, etag }) =>
        answer(
          api.PATCH('/api/v1/fields/{id}', {
            params: { path, header: { 'If-Match': etag ?? undefined } },
            body: {
              name: said(form, 'name'),
              shown: form.has('shown'),
              ...(hasOptions(value.type) && { options: optionsOf(form) }),
            },
          }),
        )
      }
      fields={(field, error) => (
        <>
          <TextField
            label="Name"
            name="name"
            longest={64}
            defaultValue={field.name}
            wrong={placed(error).name}
            required
            data-autofocus
          />
          {hasOptions(field.type) && <Options options={field.options} wrong={placed(error).options} />}
          <Shown isShown={field.shown} />
        </>
      )}
    />
  );
}

function Options({ options = [], wrong }: { options?: string[]; wrong: string | undefined }) {
  return (
    <Textarea
      label="Options"
      description="One a line"
      name="options"
      defaultValue={options.join('\n')}
      error={wrong}
      autosize
      minRows={3}
      maxRows={10}
      required
    />
  );
}

function Shown({ isShown = false }: { isShown?: boolean }) {
  return (
    <Checkbox
      name="shown"
      label="Shown to the person it is about"
      description="Once people can see their own page; otherwise only members see it"
      defaultChecked={isShown}
    />
  );
}
