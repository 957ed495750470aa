// How the list is narrowed.
import { Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFileSpreadsheet, IconSearch, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { groupChoicesQuery, tagChoicesQuery } from '../groups/queries';
import { importQuery } from '../imports/queries';
import { count } from '../words/format';
import { type Plural, TYPES } from '../words/recordTypes';
import type { PeopleFilter } from './queries';

const PAUSE_MS = 250;

type Props = { plural: Plural; filter: PeopleFilter; shown: number | undefined; isAll: boolean };

export function Filters({ plural, filter, shown, isAll }: Props) {
  const navigate = useNavigate();
  const narrow = (more: PeopleFilter) => {
    const all = { ...filter, ...more };
    const search = Object.fromEntries(Object.entries(all).filter(([, value]) => value));
    void navigate({ to: '.', search, replace: true });
  };
  const groups = useQuery(groupChoicesQuery);
  const tags = useQuery(tagChoicesQuery);
  return (
    <div>
      <Group gap="sm" align="end">
        <Search plural={plural} filter={filter} onSearch={(search) => narrow({ search })} />
        <Choice
          label="Group"
          all="All groups"
          items={groups.data?.items}
          value={filter.group}
          onChange={(group) => narrow({ group })}
        />
        <Choice
          label="Tag"
          all="All tags"
          items={tags.data?.items}
          value={filter.tag}
          onChange={(tag) => narrow({ tag })}
        />
      </Group>
      <Group gap="sm" mt="sm" mih={30}>
        <Text size="sm" c="dimmed" role="status">
          {shown !== undefined && shown > 0 && told(plural, shown, isAll)}
        </Text>
        {filter.import && <OfImport id={filter.import} onAll={() => narrow({ import: '' })} />}
      </Group>
    </div>
  );
}

function told(plural: Plural, shown: number, isAll: boolean) {
  const type = TYPES.find((type) => type.plural === plural)?.type;
  if (!isAll) return `The first ${count(shown)} ${plural}`;
  return shown === 1 ? `1 ${type}` : `${count(shown)} ${plural}`;
}

type SearchProps = { plural: Plural; filter: PeopleFilter; onSearch: (text: string) => void };

function Search({ plural, filter, onSearch }: SearchProps) {
  const [text, setText] = useState(filter.search ?? '');
  const find = useDebouncedCallback(onSearch, PAUSE_MS);
  return (
    <TextInput
      type="search"
      label="Search"
      placeholder={plural === 'creators' ? 'Name, handle or e-mail' : 'Name, company or e-mail'}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        find(event.currentTarget.value.trim());
      }}
      w={{ base: '100%', xs: 300 }}
    />
  );
}

type ChoiceProps = {
  label: string;
  all: string;
  items: { id: string; name: string }[] | undefined;
  value: string | undefined;
  onChange: (id: string) => void;
};

function Choice({ label, all, items = [], value, onChange }: ChoiceProps) {
  // Links may say a name where the list has ids.
  const chosen = items.find(({ id, name }) => id === value || name === value)?.id ?? null;
  return (
    <Select
      label={label}
      placeholder={all}
      data={items.map(({ id, name }) => ({ value: id, label: name }))}
      value={chosen}
      onChange={(id) => onChange(id ?? '')}
      nothingFoundMessage={`No ${label.toLowerCase()} is called that`}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': all }}
      limit={100}
      w={{ base: '100%', xs: 200 }}
    />
  );
}

function OfImport({ id, onAll }: { id: string; onAll: () => void }) {
  const item = useQuery(importQuery(id));
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconFileSpreadsheet size={14} aria-hidden />}
      rightSection={<IconX size={14} aria-hidden />}
      onClick={onAll}
      aria-label={`Made by the import of ${item.data?.file ?? 'a file'}: show all`}
      maw="100%"
    >
      <span className="cut">Made by the import of {item.data?.file ?? 'a file'}</span>
    </Button>
  );
}
