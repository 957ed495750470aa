// What the pages of groups and tags share.
import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Tabs } from '../parts/Tabs';
import { PeopleLink } from '../people/PeopleLink';
import { TYPES } from '../words/recordTypes';

export function GroupTabs() {
  return (
    <Tabs
      label="Groups and tags"
      places={[
        { to: '/groups', title: 'Groups' },
        { to: '/groups/tags', title: 'Tags' },
      ]}
    />
  );
}

const PAUSE_MS = 250;

/** Names that begin so; the address keeps it. */
export function SearchByName({ label }: { label: string }) {
  const { name } = useSearch({ strict: false });
  const [text, setText] = useState(name ?? '');
  const navigate = useNavigate();
  const find = useDebouncedCallback(
    (name: string) => void navigate({ to: '.', search: name ? { name } : {}, replace: true }),
    PAUSE_MS,
  );
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={`${label}: the name begins with`}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        find(event.currentTarget.value.trim());
      }}
      maw={380}
    />
  );
}

/** The way to whoever has it, of each record type. */
export function PeopleOf({ search }: { search: { group?: string; tag?: string } }) {
  return TYPES.map(({ plural, title }, at) => (
    <span key={plural}>
      {at > 0 && ' · '}
      <PeopleLink to={`/${plural}`} search={search}>
        {title}
      </PeopleLink>
    </span>
  ));
}
