import { Button, Stack, Text } from '@mantine/core';
import { IconPencil, IconPlus, IconTag, IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { answer, api, deedKey, tagged } from '../api/client';
import { Empty } from '../frame/Card';
import { Page } from '../frame/Page';
import { Trouble } from '../frame/Trouble';
import { DeleteDialog } from '../parts/DeleteDialog';
import { FormDialog } from '../parts/dialogs';
import { EditDialog } from '../parts/EditDialog';
import { TextField } from '../parts/fields';
import { IconDeed } from '../parts/IconDeed';
import { type Column, Lines, LinesToCome } from '../parts/Lines';
import { More } from '../parts/More';
import { otherwiseWrong, said, wrongWith } from '../parts/said';
import { useMay } from '../session/queries';
import { count, many } from '../words/format';
import { GroupTabs, PeopleOf, SearchByName } from './parts';
import { type Tag, tagsQuery } from './queries';

const TOLD = ['name_taken', 'usage'];
const makeTag = (name: string) =>
  answer(api.POST('/api/v1/tags', { params: { header: { 'Idempotency-Key': deedKey() } }, body: { name } }));

const COLUMNS: [Column<Tag>, ...Column<Tag>[]] = [
  { title: 'Tag', cell: ({ name }) => name },
  {
    title: 'Look for them among',
    width: '19rem',
    cell: ({ id, people }) => people > 0 && <PeopleOf search={{ tag: id }} />,
  },
  { title: 'People', cell: ({ people }) => count(people), isNumber: true, width: '6rem' },
];

export default function TagsPage() {
  const may = useMay();
  const [isMaking, setMaking] = useState(false);
  const make = may('organise') && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
      New tag
    </Button>
  );
  return (
    <Page
      title="Tags"
      about="Tags are free words. An import makes those it does not find."
      help="groups-and-tags#tags"
      actions={make}
    >
      <GroupTabs />
      <Tags make={make} />
      {isMaking && <MakeTag onClose={() => setMaking(false)} />}
    </Page>
  );
}

function Tags({ make }: { make: ReactNode }) {
  const { name } = useSearch({ from: '/member/frame/groups/tags' });
  const may = useMay();
  const list = useInfiniteQuery(tagsQuery(name));
  const [edited, setEdited] = useState<Tag>();
  const [deleted, setDeleted] = useState<Tag>();
  const items = list.data?.pages.flatMap(({ items }) => items);
  const deeds = (tag: Tag) => (
    <>
      <IconDeed
        label={`Rename ${tag.name}`}
        icon={<IconPencil size={18} aria-hidden />}
        onClick={() => setEdited(tag)}
      />
      <IconDeed
        label={`Delete ${tag.name}`}
        icon={<IconTrash size={18} aria-hidden />}
        onClick={() => setDeleted(tag)}
      />
    </>
  );
  if (list.isError && !items) return <Trouble error={list.error} again={() => void list.refetch()} />;
  if (items?.length === 0 && !name) {
    return (
      <Empty icon={<IconTag size={40} stroke={1.2} aria-hidden />} title="No tags yet">
        <Text c="dimmed" maw={460}>
          Give tags to everybody in a file when you import it, or row by row in a Tags column, apart by comma.
        </Text>
        {make}
      </Empty>
    );
  }
  return (
    <Stack>
      <SearchByName label="Find a tag" />
      {!items && <LinesToCome />}
      {items?.length === 0 && <Text c="dimmed">No tag begins with “{name}”.</Text>}
      {items && items.length > 0 && (
        <Lines
          label="Tags"
          items={items}
          keyOf={({ id }) => id}
          columns={COLUMNS}
          deeds={may('organise') ? deeds : undefined}
        />
      )}
      <More list={list} />
      {edited && <RenameTag id={edited.id} onClose={() => setEdited(undefined)} />}
      {deleted && <DeleteTag tag={deleted} onClose={() => setDeleted(undefined)} />}
    </Stack>
  );
}

function Name({ tag, error }: { tag?: Tag; error: unknown }) {
  const wrong = wrongWith(error, ...TOLD);
  return (
    <TextField
      label="Name"
      name="name"
      longest={255}
      defaultValue={tag?.name}
      wrong={wrong}
      required
      data-autofocus
    />
  );
}

function MakeTag({ onClose }: { onClose: () => void }) {
  const cache = useQueryClient();
  const make = useMutation({
    mutationFn: makeTag,
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['tags'] });
      onClose();
    },
  });
  return (
    <FormDialog
      title="New tag"
      submit="Make the tag"
      isBusy={make.isPending}
      error={otherwiseWrong(make.error, ...TOLD)}
      onClose={onClose}
      onSubmit={(form) => make.mutate(said(form, 'name'))}
    >
      <Name error={make.error} />
    </FormDialog>
  );
}

function RenameTag({ id, onClose }: { id: string; onClose: () => void }) {
  const path = { id };
  return (
    <EditDialog<Tag>
      title="Rename the tag"
      queryKey={['tags', id]}
      told={TOLD}
      onClose={onClose}
      load={() => tagged(api.GET('/api/v1/tags/{id}', { params: { path } }))}
      save={(form, { etag }) =>
        answer(
          api.PATCH('/api/v1/tags/{id}', {
            params: { path, header: { 'If-Match': etag ?? undefined } },
            body: { name: said(form, 'name') },
          }),
        )
      }
      fields={(tag, error) => <Name tag={tag} error={error} />}
    />
  );
}

function DeleteTag({ tag: { id, name, people }, onClose }: { tag: Tag; onClose: () => void }) {
  return (
    <DeleteDialog
      what={`the tag ${name}`}
      list="tags"
      concerned={people}
      consequence={
        people > 0
          ? `${many(people, 'person has', 'people have')} it. They stay, without the tag, and that cannot be undone.`
          : 'Nobody has it.'
      }
      remove={(confirm) =>
        answer(api.DELETE('/api/v1/tags/{id}', { params: { path: { id }, query: { confirm } } }))
      }
      restore={() => makeTag(name)}
      onClose={onClose}
    />
  );
}
