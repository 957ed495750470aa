// Saved mappings: which column of a list is which field.
import { Anchor, Code, Stack, Text } from '@mantine/core';
import { IconArrowsLeftRight, IconPencil, IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api, deedKey, tagged } from '../api/client';
import { Empty } from '../frame/Card';
import { Page } from '../frame/Page';
import { Trouble } from '../frame/Trouble';
import { DeleteDialog } from '../parts/DeleteDialog';
import { Dialog } from '../parts/Dialog';
import { EditDialog } from '../parts/EditDialog';
import { TextField } from '../parts/fields';
import { IconDeed } from '../parts/IconDeed';
import { Lines, LinesToCome } from '../parts/Lines';
import { More } from '../parts/More';
import { said, wrongWith } from '../parts/said';
import { useMay } from '../session/queries';
import { many } from '../words/format';
import { pluralOf } from '../words/recordTypes';
import { type Mapping, mappingsQuery } from './queries';

export default function MappingsPage() {
  const may = useMay();
  const list = useInfiniteQuery(mappingsQuery);
  const [seen, setSeen] = useState<Mapping>();
  const [renamed, setRenamed] = useState<Mapping>();
  const [deleted, setDeleted] = useState<Mapping>();
  const items = list.data?.pages.flatMap(({ items }) => items);
  const deeds = (mapping: Mapping) => (
    <>
      <IconDeed
        label={`Rename ${mapping.name}`}
        icon={<IconPencil size={18} aria-hidden />}
        onClick={() => setRenamed(mapping)}
      />
      <IconDeed
        label={`Delete ${mapping.name}`}
        icon={<IconTrash size={18} aria-hidden />}
        onClick={() => setDeleted(mapping)}
      />
    </>
  );
  return (
    <Page
      title="Mappings"
      about="Which column of a list is which field, saved under a name for the next list like it."
      help="columns#save-a-mapping"
    >
      {list.isError && !items && <Trouble error={list.error} again={() => void list.refetch()} />}
      {list.isPending && <LinesToCome />}
      {items?.length === 0 && (
        <Empty
          icon={<IconArrowsLeftRight size={40} stroke={1.2} aria-hidden />}
          title="No saved mappings yet"
        >
          While you import a list, say in the step Columns which column is which, and save that under a name.
          The next list of the same kind then takes one click.
        </Empty>
      )}
      {items && items.length > 0 && (
        <Lines
          label="Mappings"
          items={items}
          keyOf={({ id }) => id}
          columns={[
            { title: 'Mapping', cell: ({ name }) => name },
            { title: 'Of', cell: ({ record_type }) => pluralOf(record_type), width: '9rem' },
            {
              title: 'Columns',
              cell: (mapping) => (
                <Anchor component="button" type="button" size="sm" onClick={() => setSeen(mapping)}>
                  {many(mapping.map.length, 'column')}, {many(mapping.ignore.length, 'left out', 'left out')}
                </Anchor>
              ),
            },
          ]}
          deeds={may('organise') ? deeds : undefined}
        />
      )}
      <More list={list} />
      {seen && <Columns mapping={seen} onClose={() => setSeen(undefined)} />}
      {renamed && <Rename id={renamed.id} onClose={() => setRenamed(undefined)} />}
      {deleted && <Delete mapping={deleted} onClose={() => setDeleted(undefined)} />}
    </Page>
  );
}

function Columns({ mapping, onClose }: { mapping: Mapping; onClose: () => void }) {
  return (
    <Dialog onClose={onClose} size="lg" title={mapping.name}>
      <Stack>
        <Lines
          label="Columns"
          items={mapping.map}
          keyOf={({ column }) => column}
          columns={[
            { title: 'Column of the file', cell: ({ column }) => column },
            { title: 'Field', cell: ({ field }) => field },
          ]}
        />
        {mapping.ignore.length > 0 && (
          <Text size="sm" className="breaks">
            Left out:{' '}
            {mapping.ignore.map((column, at) => (
              <span key={column}>
                {at > 0 && ', '}
                <Code>{column}</Code>
              </span>
            ))}
          </Text>
        )}
        {mapping.ignore_unknown && <Text size="sm">Columns that mean nothing are left out too.</Text>}
      </Stack>
    </Dialog>
  );
}

const TOLD = ['name_taken', 'usage'];

function Rename({ id, onClose }: { id: string; onClose: () => void }) {
  const path = { id };
  return (
    <EditDialog<Mapping>
      title="Rename the mapping"
      queryKey={['mappings', id]}
      told={TOLD}
      onClose={onClose}
      load={() => tagged(api.GET('/api/v1/mappings/{id}', { params: { path } }))}
      save={(form, { etag }) =>
        answer(
          api.PATCH('/api/v1/mappings/{id}', {
            params: { path, header: { 'If-Match': etag ?? undefined } },
            body: { name: said(form, 'name') },
          }),
        )
      }
      fields={(mapping, error) => (
        <TextField
          label="Name"
          name="name"
          longest={255}
          defaultValue={mapping.name}
          wrong={wrongWith(error, ...TOLD)}
          required
          data-autofocus
        />
      )}
    />
  );
}

function Delete({ mapping, onClose }: { mapping: Mapping; onClose: () => void }) {
  const { id, ...rest } = mapping;
  return (
    <DeleteDialog
      what={`the mapping ${mapping.name}`}
      list="mappings"
      consequence="Imports that were made with it stay as they are. Programs that name it are refused until there is one of this name again."
      remove={() => answer(api.DELETE('/api/v1/mappings/{id}', { params: { path: { id } } }))}
      restore={() =>
        answer(
          api.POST('/api/v1/mappings', { params: { header: { 'Idempotency-Key': deedKey() } }, body: rest }),
        )
      }
      onClose={onClose}
    />
  );
}
