import { Button, Stack, Text } from '@mantine/core';
import { IconFolders, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '../api/client';
import { Empty } from '../frame/Card';
import { Page } from '../frame/Page';
import { Trouble } from '../frame/Trouble';
import { DeleteDialog } from '../parts/DeleteDialog';
import { IconDeed } from '../parts/IconDeed';
import { type Column, Lines, LinesToCome } from '../parts/Lines';
import { More } from '../parts/More';
import { useMay } from '../session/queries';
import { count, many } from '../words/format';
import { EditGroup, MakeGroup } from './GroupForm';
import { makeGroup } from './making';
import { GroupTabs, PeopleOf, SearchByName } from './parts';
import { type Group, groupsQuery } from './queries';

const COLUMNS: [Column<Group>, ...Column<Group>[]] = [
  { title: 'Group', cell: ({ name }) => name, width: '22%' },
  {
    title: 'Description',
    cell: ({ description }) =>
      description && (
        <Text size="sm" lineClamp={3}>
          {description}
        </Text>
      ),
  },
  {
    title: 'Look for them among',
    width: '17rem',
    cell: ({ name, active, pending }) => active + pending > 0 && <PeopleOf search={{ group: name }} />,
  },
  { title: 'Join code', cell: ({ code }) => code, width: '8.5rem' },
  { title: 'Active', cell: ({ active }) => count(active), isNumber: true, width: '5rem' },
  { title: 'Pending', cell: ({ pending }) => count(pending), isNumber: true, width: '5.5rem' },
];

export default function GroupsPage() {
  const may = useMay();
  const [isMaking, setMaking] = useState(false);
  const make = may('organise') && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
      New group
    </Button>
  );
  return (
    <Page
      title="Groups and tags"
      about="Make a group here, then import people into it. A slip in a file makes no group. People are pending until they join."
      help="groups-and-tags"
      actions={make}
    >
      <GroupTabs />
      <Groups make={make} />
      {isMaking && <MakeGroup onClose={() => setMaking(false)} />}
    </Page>
  );
}

function Groups({ make }: { make: React.ReactNode }) {
  const { name } = useSearch({ from: '/member/frame/groups' });
  const may = useMay();
  const list = useInfiniteQuery(groupsQuery(name));
  const [edited, setEdited] = useState<Group>();
  const [deleted, setDeleted] = useState<Group>();
  const items = list.data?.pages.flatMap(({ items }) => items);
  if (list.isError && !items) return <Trouble error={list.error} again={() => void list.refetch()} />;
  if (items?.length === 0 && !name) {
    return (
      <Empty icon={<IconFolders size={40} stroke={1.2} aria-hidden />} title="No groups yet">
        <Text c="dimmed" maw={460}>
          Groups put people where they belong: a launch, a region, a tour. Make them here, then choose them
          when you import, or name them in a Group column of the file.
        </Text>
        {make}
      </Empty>
    );
  }
  return (
    <Stack>
      <SearchByName label="Find a group" />
      {items ? (
        <Found
          items={items}
          name={name}
          onEdit={setEdited}
          onDelete={setDeleted}
          mayChange={may('organise')}
        />
      ) : (
        <LinesToCome />
      )}
      <More list={list} />
      {edited && <EditGroup id={edited.id} onClose={() => setEdited(undefined)} />}
      {deleted && <DeleteGroup group={deleted} onClose={() => setDeleted(undefined)} />}
    </Stack>
  );
}

type FoundProps = {
  items: Group[];
  name: string | undefined;
  mayChange: boolean;
  onEdit: (group: Group) => void;
  onDelete: (group: Group) => void;
};

function Found({ items, name, mayChange, onEdit, onDelete }: FoundProps) {
  if (items.length === 0) return <Text c="dimmed">No group begins with “{name}”.</Text>;
  return (
    <Lines
      label="Groups"
      items={items}
      keyOf={({ id }) => id}
      columns={COLUMNS}
      deeds={
        mayChange
          ? (group) => (
              <>
                <IconDeed
                  label={`Change ${group.name}`}
                  icon={<IconPencil size={18} aria-hidden />}
                  onClick={() => onEdit(group)}
                />
                <IconDeed
                  label={`Delete ${group.name}`}
                  icon={<IconTrash size={18} aria-hidden />}
                  onClick={() => onDelete(group)}
                />
              </>
            )
          : undefined
      }
    />
  );
}

function DeleteGroup({ group, onClose }: { group: Group; onClose: () => void }) {
  const { id, name, description, code } = group;
  const members = group.active + group.pending;
  return (
    <DeleteDialog
      what={`the group ${name}`}
      list="groups"
      concerned={members}
      consequence={
        members > 0
          ? `${many(members, 'person is', 'people are')} in it. They stay, but belong to this group no longer, and that cannot be undone.`
          : 'Nobody is in it.'
      }
      remove={(confirm) =>
        answer(api.DELETE('/api/v1/groups/{id}', { params: { path: { id }, query: { confirm } } }))
      }
      restore={() => makeGroup({ name, description, code })}
      onClose={onClose}
    />
  );
}
