// Every import and dry run: found by state, kind, record type and words, which stand in the address.
import { Button, Group, Menu, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconChevronDown, IconFileSpreadsheet, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Empty } from '../frame/Card';
import { Page } from '../frame/Page';
import { Trouble } from '../frame/Trouble';
import { useMay } from '../session/queries';
import { TYPES } from '../words/recordTypes';
import { HistoryLine } from './HistoryLine';
import type { HistoryFilter } from './historyFilter';
import lines from './ImportLines.module.css';
import { historyPagesQuery } from './queries';
import { STATUS } from './status';
import { Timeline } from './Timeline';

export default function HistoryPage() {
  const filter = useSearch({ from: '/member/frame/imports' });
  const may = useMay();
  const history = useInfiniteQuery(historyPagesQuery(filter));
  const items = history.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Page
      title="Imports"
      about="Every import and dry run, the newest first."
      help="imports"
      actions={may('import') && <NewImport />}
    >
      <Timeline items={items} />
      <Filters filter={filter} />
      {history.isError && !history.data && (
        <Trouble error={history.error} again={() => void history.refetch()} />
      )}
      {history.isPending && <Lines />}
      {history.data && items.length === 0 && <Nobody isFiltered={isFiltered} />}
      <ul className={lines.list} aria-label="Imports">
        {items.map((item) => (
          <li key={item.import}>
            <HistoryLine item={item} />
          </li>
        ))}
      </ul>
      {history.hasNextPage && (
        <Button
          variant="default"
          mx="auto"
          loading={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </Page>
  );
}

function NewImport() {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={16} aria-hidden />}>New import</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {TYPES.map(({ plural, title }) => (
          <Menu.Item key={plural} component={Link} to={`/imports/new/${plural}`}>
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Lines() {
  return (
    <Stack gap="xs">
      {[1, 2, 3].map((line) => (
        <Skeleton key={line} h={72} radius="md" />
      ))}
    </Stack>
  );
}

function Nobody({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <Text c="dimmed">No imports like that.</Text>;
  return (
    <Empty icon={<IconFileSpreadsheet size={40} stroke={1.2} aria-hidden />} title="No imports yet">
      Every import is kept here with its counts and what became of each row. Drafts and dry runs that nobody
      imports go after a while.
    </Empty>
  );
}

const KINDS = [
  { value: 'import', label: 'Imports' },
  { value: 'dry_run', label: 'Dry runs' },
];
const STATES = Object.entries(STATUS).map(([value, { title }]) => ({ value, label: title }));
const RECORDS = TYPES.map(({ plural, title }) => ({ value: plural, label: title }));
const SEARCH_PAUSE_MS = 250;

function Filters({ filter }: { filter: HistoryFilter }) {
  const navigate = useNavigate();
  const [words, setWords] = useState(filter.search ?? '');
  const change = (key: keyof HistoryFilter, value: string | null) => {
    const { [key]: _, ...rest } = filter;
    void navigate({ to: '/imports', search: value ? { ...rest, [key]: value } : rest, replace: true });
  };
  const search = useDebouncedCallback((text: string) => change('search', text.trim()), SEARCH_PAUSE_MS);
  const choice = (key: 'status' | 'kind' | 'as', label: string, data: { value: string; label: string }[]) => (
    <Select
      aria-label={label}
      placeholder={label}
      data={data}
      value={filter[key] ?? null}
      onChange={(value) => change(key, value)}
      clearable
      clearButtonProps={{ 'aria-label': label }}
      w={{ base: '100%', xs: 190 }}
    />
  );
  return (
    <Group gap="sm" role="search" aria-label="Imports">
      <TextInput
        aria-label="Search by file or person"
        placeholder="Search by file or person"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={words}
        flex="1 1 14rem"
        onChange={({ currentTarget }) => {
          setWords(currentTarget.value);
          search(currentTarget.value);
        }}
      />
      {choice('status', 'Any state', STATES)}
      {choice('kind', 'Any kind', KINDS)}
      {choice('as', 'All record types', RECORDS)}
    </Group>
  );
}
