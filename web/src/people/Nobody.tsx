// Lists without people: the way to the first ones, or back to all.
import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconUserSearch, IconUsers } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Empty } from '../frame/Card';
import { useMay } from '../session/queries';
import type { Plural } from '../words/recordTypes';
import { SAMPLES } from '../words/samples';
import { PeopleLink } from './PeopleLink';
import type { PeopleFilter } from './queries';

export function NobodyYet({ plural }: { plural: Plural }) {
  const may = useMay();
  return (
    <Empty icon={<IconUsers size={40} stroke={1.2} aria-hidden />} title={`No ${plural} yet`}>
      <Text c="dimmed" maw={480}>
        {may('import')
          ? 'Bring a list as CSV or Excel, whatever its columns are called. You see what it will do before anything happens.'
          : 'Once somebody imports a list, its people are here.'}
      </Text>
      {may('import') && (
        <>
          <Button component={Link} to={`/imports/new/${plural}`} mt="xs">
            Import {plural}
          </Button>
          <Text size="sm" c="dimmed" mt="sm">
            No list at hand? Begin with the template or a sample of made-up people:
          </Text>
          <Group gap="md" justify="center">
            <Anchor size="sm" href={`/api/v1/templates/${plural}?format=xlsx`} download>
              Template (Excel)
            </Anchor>
            <Anchor size="sm" href={`/api/v1/templates/${plural}?format=csv`} download>
              Template (CSV)
            </Anchor>
            <Anchor size="sm" href={SAMPLES[plural][0].address} download={`${plural}.csv`}>
              Sample (CSV)
            </Anchor>
          </Group>
        </>
      )}
    </Empty>
  );
}

export function NobodyFound({ plural, filter }: { plural: Plural; filter: PeopleFilter }) {
  return (
    <Empty icon={<IconUserSearch size={40} stroke={1.2} aria-hidden />} title={`No ${plural} are like that`}>
      <Text c="dimmed" maw={460} className="breaks">
        {filter.search
          ? `Nobody has “${filter.search}” in a name, company or address.`
          : 'Nobody fits all of what is chosen above.'}
      </Text>
      <PeopleLink to={`/${plural}`} search={{}}>
        Show all {plural}
      </PeopleLink>
    </Empty>
  );
}
