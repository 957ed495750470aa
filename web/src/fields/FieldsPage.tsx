import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api, type RecordType } from '../api/client';
import { Page } from '../frame/Page';
import { Trouble } from '../frame/Trouble';
import { DeleteDialog } from '../parts/DeleteDialog';
import { IconDeed } from '../parts/IconDeed';
import { type Column, Lines, LinesToCome } from '../parts/Lines';
import { useMay } from '../session/queries';
import { pluralOf, TYPES } from '../words/recordTypes';
import { EditField, MakeField, makeField } from './FieldForm';
import { type CustomField, fieldsQuery, titleOf } from './queries';

const COLUMNS: [Column<CustomField>, ...Column<CustomField>[]] = [
  { title: 'Field', cell: ({ name }) => name, width: '28%' },
  {
    title: 'Holds',
    cell: ({ type, multiple }) =>
      titleOf(type) + (multiple && type !== 'multi_select' ? ', several values' : ''),
    width: '13rem',
  },
  {
    title: 'Options',
    cell: ({ options }) =>
      options.length > 0 && (
        <Text size="sm" lineClamp={2}>
          {options.join(', ')}
        </Text>
      ),
  },
  {
    title: 'Seen by',
    cell: ({ shown }) =>
      shown ? (
        <Badge variant="default" tt="none">
          Members, the person
        </Badge>
      ) : (
        'Members'
      ),
    width: '11rem',
  },
];

export default function FieldsPage() {
  const fields = useQuery(fieldsQuery);
  const [made, setMade] = useState<RecordType>();
  const [edited, setEdited] = useState<CustomField>();
  const [deleted, setDeleted] = useState<CustomField>();
  return (
    <Page
      title="Custom fields"
      about="Fields of your own, beside the standard ones. Templates have a column for each."
      help="custom-fields"
    >
      {fields.isError && !fields.data && <Trouble error={fields.error} again={() => void fields.refetch()} />}
      {fields.isPending && <LinesToCome />}
      {fields.data &&
        TYPES.map(({ type }) => (
          <Section
            key={type}
            type={type}
            items={fields.data.items.filter((field) => field.record_type === type)}
            onMake={() => setMade(type)}
            onEdit={setEdited}
            onDelete={setDeleted}
          />
        ))}
      {made && <MakeField type={made} onClose={() => setMade(undefined)} />}
      {edited && <EditField id={edited.id} onClose={() => setEdited(undefined)} />}
      {deleted && <DeleteField field={deleted} onClose={() => setDeleted(undefined)} />}
    </Page>
  );
}

const EXAMPLES: Record<RecordType, string> = {
  creator: 'for example a niche, a fee per post, the end of a contract',
  prospect: 'for example a lead score, the first contact, interests',
  advocate: 'for example a tier, topics, customer since',
};

type SectionProps = {
  type: RecordType;
  items: CustomField[];
  onMake: () => void;
  onEdit: (field: CustomField) => void;
  onDelete: (field: CustomField) => void;
};

function Section({ type, items, onMake, onEdit, onDelete }: SectionProps) {
  const may = useMay();
  const { title } = TYPES.find((one) => one.type === type) ?? { title: '' };
  const deeds = (field: CustomField) => (
    <>
      <IconDeed
        label={`Change ${field.name}`}
        icon={<IconPencil size={18} aria-hidden />}
        onClick={() => onEdit(field)}
      />
      <IconDeed
        label={`Delete ${field.name}`}
        icon={<IconTrash size={18} aria-hidden />}
        onClick={() => onDelete(field)}
      />
    </>
  );
  return (
    <Stack component="section" gap="sm" aria-label={`Fields of ${pluralOf(type)}`}>
      <Group justify="space-between">
        <Title order={2}>{title}</Title>
        {may('define_fields') && (
          <Button
            variant="default"
            size="sm"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={onMake}
            aria-label={`New field of ${pluralOf(type)}`}
          >
            New field
          </Button>
        )}
      </Group>
      {items.length === 0 ? (
        <Text c="dimmed">No fields of your own yet: {EXAMPLES[type]}.</Text>
      ) : (
        <Lines
          label={`Fields of ${pluralOf(type)}`}
          items={items}
          keyOf={({ id }) => id}
          columns={COLUMNS}
          deeds={may('define_fields') ? deeds : undefined}
        />
      )}
    </Stack>
  );
}

function DeleteField({ field, onClose }: { field: CustomField; onClose: () => void }) {
  const { id, ...rest } = field;
  return (
    <DeleteDialog
      what={`the field ${field.name} of ${pluralOf(field.record_type)}`}
      list="fields"
      consequence="Its values are shown no more, and files with a column of this name no longer fill it."
      remove={(confirm) =>
        answer(api.DELETE('/api/v1/fields/{id}', { params: { path: { id }, query: { confirm } } }))
      }
      restore={() => makeField(rest)}
      onClose={onClose}
    />
  );
}
