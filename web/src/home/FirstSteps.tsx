// What to do first in a workspace that has imported nothing yet.
import { Anchor, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { fieldsQuery } from '../fields/queries';
import { Card } from '../frame/Card';
import { groupChoicesQuery } from '../groups/queries';
import { useMay } from '../session/queries';
import { membersQuery } from '../settings/queries';
import { TYPES } from '../words/recordTypes';
import { SAMPLES } from '../words/samples';
import classes from './FirstSteps.module.css';

export function FirstSteps() {
  const may = useMay();
  const groups = useQuery(groupChoicesQuery);
  const fields = useQuery(fieldsQuery);
  const members = useQuery(membersQuery);
  return (
    <Card>
      <Title order={2}>First steps</Title>
      <Text c="dimmed" size="sm" mt={4}>
        In any order, and none of them has to be. This goes away with your first import.
      </Text>
      <ol className={classes.steps}>
        <Step isDone={(groups.data?.items.length ?? 0) > 0} title="Make groups">
          A launch, a region, a tour: an import puts people into them.{' '}
          <Anchor component={Link} to="/groups" size="sm" underline="always">
            Groups
          </Anchor>
        </Step>
        {may('define_fields') && (
          <Step isDone={(fields.data?.items.length ?? 0) > 0} title="Add fields of your own">
            What your lists hold beside name and e-mail, such as a tier or a fee per post.{' '}
            <Anchor component={Link} to="/fields" size="sm" underline="always">
              Custom fields
            </Anchor>
          </Step>
        )}
        <Step isDone={false} title="Try a sample">
          Made-up people, to see how an import goes. Nothing happens until you confirm it.{' '}
          {TYPES.map(({ plural, title }, at) => (
            <span key={plural}>
              {at > 0 && ', '}
              <Anchor
                href={SAMPLES[plural][0].address}
                download={`${plural}.csv`}
                size="sm"
                underline="always"
              >
                {title}
              </Anchor>
            </span>
          ))}
        </Step>
        {may('manage_members') && (
          <Step isDone={(members.data?.length ?? 0) > 1} title="Invite a colleague">
            You get a link to pass on, and say what it lets do.{' '}
            <Anchor component={Link} to="/settings/members" size="sm" underline="always">
              Members
            </Anchor>
          </Step>
        )}
      </ol>
    </Card>
  );
}

function Step({ isDone, title, children }: { isDone: boolean; title: string; children: ReactNode }) {
  return (
    <li className={classes.step}>
      <ThemeIcon
        radius="xl"
        size={26}
        variant={isDone ? 'filled' : 'default'}
        className={classes.mark}
        aria-hidden
      >
        {isDone && <IconCheck size={16} />}
      </ThemeIcon>
      <div>
        <Text fw={600}>
          {title}
          {isDone && (
            <Text span c="dimmed" fw={400}>
              {' '}
              · done
            </Text>
          )}
        </Text>
        <Text size="sm">{children}</Text>
      </div>
    </li>
  );
}
