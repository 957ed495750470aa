// The same content was uploaded before: when and by whom; a warning where it was a list of other people.
import { Alert, Anchor, Text } from '@mantine/core';
import { IconAlertTriangle, IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ago } from '../../../words/format';
import { people, pluralOf, titleOf } from '../../../words/recordTypes';
import { type Import, importQuery, isDiscarded, isPrepared } from '../../queries';
import type { Draft } from '../draft';

export function SameBefore({ draft, id }: { draft: Draft; id: string }) {
  const earlier = useQuery(importQuery(id));
  // Which of the two it is has to be known; an import that is gone is no reason to say nothing.
  if (earlier.isPending) return null;
  const before = earlier.data;
  if (before && before.record_type !== draft.import.record_type) return <OtherPeople before={before} />;
  const when = before && ` ${ago(before.created_at)} by ${before.created_by}`;
  return (
    <Alert icon={<IconCopy aria-hidden />} title="The same content was uploaded before">
      <Text size="sm" className="breaks">
        <See id={id}>See that import</See>
        {when && `, uploaded${when}`}. You can go on here: people who are there already are not imported
        twice.
      </Text>
    </Alert>
  );
}

function OtherPeople({ before }: { before: Import }) {
  const type = before.record_type;
  const them = people(type, 2);
  const isOpen = isPrepared(before) || isDiscarded(before) || before.kind === 'dry_run';
  return (
    <Alert
      color="orange"
      icon={<IconAlertTriangle aria-hidden />}
      title={
        <Text span inherit c="bright">
          The same content was {isOpen ? 'uploaded' : 'imported'} as {them} before
        </Text>
      }
    >
      <Text size="sm" className="breaks">
        <See id={before.import}>See that import</See>, uploaded {ago(before.created_at)} by{' '}
        {before.created_by}. If this is the wrong list,{' '}
        <Anchor component={Link} to={`/imports/new/${pluralOf(type)}`} inherit c="bright" underline="always">
          start again under {titleOf(type)}
        </Anchor>
        .
      </Text>
    </Alert>
  );
}

function See({ id, children }: { id: string; children: string }) {
  return (
    <Anchor component={Link} to={`/imports/${id}`} inherit c="bright" underline="always">
      {children}
    </Anchor>
  );
}
