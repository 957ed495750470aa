// One person: what is known, where it came from.
import { Anchor, Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Refusal } from '../api/client';
import { Nothing } from '../frame/Broken';
import { Card } from '../frame/Card';
import { Page } from '../frame/Page';
import { Trouble } from '../frame/Trouble';
import { importQuery } from '../imports/queries';
import { atMoment } from '../words/format';
import { type Plural, pluralOf, TYPES } from '../words/recordTypes';
import { PeopleLink } from './PeopleLink';
import classes from './Person.module.css';
import { type Person, personQuery, twinQuery } from './queries';
import { fieldTitle, fieldValue, isWebAddress, nameOf, platformOf } from './words';

export default function PersonPage() {
  const { id } = useParams({ from: '/member/frame/people/$id' });
  const person = useQuery(personQuery(id));
  if (person.data) return <About person={person.data} />;
  // An id of another workspace and one of nobody are answered alike.
  if (person.error instanceof Refusal && person.error.status < 500) return <Nothing />;
  return (
    <Page title="Person">
      {person.isError ? (
        <Trouble error={person.error} again={() => void person.refetch()} />
      ) : (
        <Skeleton h={300} radius="lg" />
      )}
    </Page>
  );
}

function About({ person }: { person: Person }) {
  const plural = pluralOf(person.record_type);
  const title = TYPES.find(({ type }) => type === person.record_type)?.title;
  return (
    <Page
      title={nameOf(person)}
      help="people#one-person"
      about={
        <>
          <Anchor component={Link} to={`/${plural}`} underline="always">
            {title}
          </Anchor>
          {' · '}
          {person.label}
          {person.suppressed && ' · gets no mail'}
        </>
      }
    >
      <SimpleGrid cols={{ base: 1, md: 2 }} className={classes.cards}>
        <Fields person={person} />
        <Stack>
          <Belongs person={person} />
          <Origin person={person} />
        </Stack>
      </SimpleGrid>
    </Page>
  );
}

function Fields({ person }: { person: Person }) {
  const { platform, handle, email, also_at: alsoAt = [] } = person;
  const standard = Object.entries(person.fields as Record<string, unknown>);
  const custom = Object.entries(person.custom);
  return (
    <Stack>
      <Facts title="Fields">
        {platform && handle && <Fact title="Account">{`${platformOf(platform)} · ${handle}`}</Fact>}
        {email && <Fact title="E-mail">{email}</Fact>}
        {standard.map(([key, value]) => (
          <Fact key={key} title={fieldTitle(key)}>
            {isWebAddress(value) ? (
              <Anchor href={value} target="_blank" rel="noreferrer noopener">
                {value}
              </Anchor>
            ) : (
              fieldValue(key, value)
            )}
          </Fact>
        ))}
        {alsoAt.length > 0 && (
          <Fact title="Also at">
            {alsoAt.map(({ platform, handle }) => `${platformOf(platform)} · ${handle}`).join(', ')}
          </Fact>
        )}
        {person.kind && <Fact title="Imported as">{person.kind === 'nominee' ? 'Nominee' : 'Advocate'}</Fact>}
        {person.stage && <Fact title="Stage">{fieldTitle(person.stage)}</Fact>}
      </Facts>
      {custom.length > 0 && (
        <Facts title="Custom fields">
          {custom.map(([name, values]) => (
            <Fact key={name} title={name}>
              {values.join(', ')}
            </Fact>
          ))}
        </Facts>
      )}
    </Stack>
  );
}

function Belongs({ person }: { person: Person }) {
  const plural = pluralOf(person.record_type);
  return (
    <Card>
      <Title order={2}>Groups and tags</Title>
      {person.groups.length + person.tags.length === 0 && (
        <Text c="dimmed" mt="xs">
          In no group, and no tags.
        </Text>
      )}
      <dl className={classes.facts}>
        {person.groups.length > 0 && (
          <Fact title="Groups">
            <Group gap={6}>
              {person.groups.map(({ name, state }) => (
                <Word key={name} to={`/${plural}`} search={{ group: name }}>
                  {state === 'pending' ? `${name}, pending until joined` : name}
                </Word>
              ))}
            </Group>
          </Fact>
        )}
        {person.tags.length > 0 && (
          <Fact title="Tags">
            <Group gap={6}>
              {person.tags.map((tag) => (
                <Word key={tag} to={`/${plural}`} search={{ tag }}>
                  {tag}
                </Word>
              ))}
            </Group>
          </Fact>
        )}
      </dl>
    </Card>
  );
}

type WordProps = { to: `/${Plural}`; search: { group?: string; tag?: string }; children: string };

function Word({ to, search, children }: WordProps) {
  return (
    <PeopleLink to={to} search={search} className={classes.word} underline="never" c="inherit">
      {children}
    </PeopleLink>
  );
}

function Origin({ person }: { person: Person }) {
  const item = useQuery({ ...importQuery(person.import ?? ''), enabled: person.import !== null });
  return (
    <Facts title="Where this comes from">
      {person.import && (
        <Fact title="Import">
          <Anchor component={Link} to={`/imports/${person.import}/report`}>
            {item.data?.file ?? 'See the import'}
          </Anchor>
        </Fact>
      )}
      {person.source && <Fact title="Source">{person.source}</Fact>}
      <Fact title="Added">{atMoment(person.created_at)}</Fact>
      <Fact title="Last changed">{atMoment(person.updated_at)}</Fact>
      {person.invited_at && <Fact title="Invited">{atMoment(person.invited_at)}</Fact>}
      {person.joined_at && <Fact title="Joined">{atMoment(person.joined_at)}</Fact>}
      {person.archived_at && <Fact title="Archived">{atMoment(person.archived_at)}</Fact>}
      {person.record_type !== 'creator' && <Twin person={person} />}
    </Facts>
  );
}

/** Prospects and advocates are apart; the same address may be in both. */
function Twin({ person }: { person: Person }) {
  const other = person.record_type === 'prospect' ? 'advocate' : 'prospect';
  const twin = useQuery(twinQuery(pluralOf(other), person.identity));
  if (!twin.data) return null;
  return (
    <Fact title="Same address">
      <Anchor component={Link} to={`/people/${twin.data.id}`}>
        {nameOf(twin.data)}, {other}
      </Anchor>
    </Fact>
  );
}

function Facts({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card>
      <Title order={2}>{title}</Title>
      <dl className={classes.facts}>{children}</dl>
    </Card>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}
