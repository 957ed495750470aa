import { Anchor, Badge, Group, Text } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type Column, Lines } from '../parts/Lines';
import { ago, atMoment } from '../words/format';
import type { Plural } from '../words/recordTypes';
import type { Person } from './queries';
import { nameOf, platformOf } from './words';

const NAME: Column<Person> = {
  title: 'Name',
  width: '17%',
  cell: (person) => (
    <Anchor component={Link} to={`/people/${person.id}`} fw={600} size="sm" className="breaks">
      <bdi>
        <Text span inherit lineClamp={2}>
          {nameOf(person)}
        </Text>
      </bdi>
    </Anchor>
  ),
};

/** An address that is too long for its place goes on behind its @. */
function Address({ email }: { email: string }) {
  const at = email.lastIndexOf('@') + 1;
  return (
    <>
      {email.slice(0, at)}
      <wbr />
      {email.slice(at)}
    </>
  );
}

const EMAIL: Column<Person> = {
  title: 'E-mail',
  cell: ({ email }) => email && <Address email={email} />,
  width: '25%',
};

const COMPANY: Column<Person> = {
  title: 'Company',
  width: '15%',
  cell: ({ fields }) => {
    const { company } = fields as Record<string, unknown>;
    return company ? (
      <Text size="sm" lineClamp={2}>
        <bdi>{String(company)}</bdi>
      </Text>
    ) : null;
  },
};

const ACCOUNT: Column<Person> = {
  title: 'Account',
  width: '24%',
  cell: ({ platform, handle, identity }) =>
    platform && handle ? (
      <>
        <Text size="sm" c="dimmed" span>
          {platformOf(platform)}
        </Text>{' '}
        {handle}
      </>
    ) : (
      identity
    ),
};

const OTHERS: Column<Person>[] = [
  {
    title: 'Groups and tags',
    cell: ({ groups, tags }) =>
      groups.length + tags.length > 0 && <Words groups={groups.map(({ name }) => name)} tags={tags} />,
  },
  {
    title: 'Status',
    width: '6.8rem',
    cell: ({ label }) => (
      <Badge variant="default" tt="none" fw={500}>
        {label}
      </Badge>
    ),
  },
  {
    title: 'Changed',
    width: '9.5rem',
    cell: ({ updated_at, created_at }) => (
      <time
        style={{ whiteSpace: 'nowrap' }}
        title={`Added ${atMoment(created_at)}, last changed ${atMoment(updated_at)}`}
      >
        {ago(updated_at)}
      </time>
    ),
  },
];

const SHOWN = 3;

/** Groups carry a sign, tags none. */
function Words({ groups, tags }: { groups: string[]; tags: string[] }) {
  const shown = [
    ...groups.map((word) => ({ word, sign: <IconUsersGroup size={12} aria-label="Group" /> })),
    ...tags.map((word) => ({ word, sign: null })),
  ];
  return (
    <Group gap={4}>
      {shown.slice(0, SHOWN).map(({ word, sign }) => (
        <Badge
          key={`${sign ? 'group' : 'tag'} ${word}`}
          variant="default"
          radius="sm"
          tt="none"
          fw={500}
          maw="100%"
          leftSection={sign}
        >
          {word}
        </Badge>
      ))}
      {shown.length > SHOWN && (
        <Text size="xs" c="dimmed">
          {shown.length - SHOWN} more
        </Text>
      )}
    </Group>
  );
}

export function PeopleLines({ plural, items }: { plural: Plural; items: Person[] }) {
  const middle = plural === 'creators' ? [ACCOUNT] : [EMAIL, COMPANY];
  return <Lines label={plural} items={items} keyOf={({ id }) => id} columns={[NAME, ...middle, ...OTHERS]} />;
}
