// Groups that rows name and the workspace lacks: make them, or use others instead.
import { Button, Group, Select, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { cache } from '../../api/cache';
import { answer, api, type Shapes } from '../../api/client';
import { Card } from '../../frame/Card';
import { Trouble } from '../../frame/Trouble';
import { makeGroupUnlessThere } from '../../groups/making';
import { groupChoicesQuery } from '../../groups/queries';
import { useMay } from '../../session/queries';
import { many } from '../../words/format';
import { useDeed } from '../deeds';
import type { Import } from '../queries';
import { letters, placeOf } from '../rows/queries';
import classes from '../rows/Rows.module.css';
import type { Corrections } from '../rows/useCorrections';

type UnknownGroup = Shapes['UnknownGroup'];

type Props = { groups: UnknownGroup[]; item: Import; corrections: Corrections };

/** Names are the same in any case of letters: one group makes all its spellings known. */
function inOneSpelling(groups: UnknownGroup[]): UnknownGroup[] {
  const by = new Map<string, UnknownGroup>();
  for (const group of groups) {
    const known = by.get(group.name.toLowerCase());
    by.set(group.name.toLowerCase(), known ? { ...known, rows: known.rows + group.rows } : group);
  }
  return [...by.values()];
}

/** Makes groups, and checks the file anew. */
function useMakeGroups(item: Import) {
  const check = useDeed(item.import);
  return useMutation({
    mutationFn: async (names: string[]) => {
      for (const name of names) await makeGroupUnlessThere(name);
      void cache.invalidateQueries({ queryKey: ['groups'] });
      await check.mutateAsync('check');
    },
  });
}

export function UnknownGroups({ groups: all, item, corrections }: Props) {
  const groups = inOneSpelling(all);
  const may = useMay();
  const make = useMakeGroups(item);
  const known = useQuery(groupChoicesQuery);
  const names = known.data?.items.map(({ name }) => name) ?? [];
  return (
    <Card>
      <Title order={2} mb={4}>
        {groups.length === 1 ? 'A group is not known here' : `${groups.length} groups are not known here`}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        Rows that name them need a look until the group exists or another is used.
      </Text>
      {groups.length > 1 && may('organise') && may('import') && (
        <Button
          size="sm"
          mb="md"
          variant="light"
          loading={make.isPending}
          onClick={() => make.mutate(groups.map(({ name }) => name))}
        >
          Create all {groups.length}
        </Button>
      )}
      {make.isError && <Trouble error={make.error} />}
      <Stack gap="sm" component="ul" className={classes.cards}>
        {groups.map((group) => (
          <li key={group.name}>
            <Line
              group={group}
              names={names}
              item={item}
              corrections={may('import') ? corrections : undefined}
            />
          </li>
        ))}
      </Stack>
    </Card>
  );
}

type LineProps = { group: UnknownGroup; names: string[]; item: Import; corrections: Corrections | undefined };

function Line({ group, names, item, corrections }: LineProps) {
  const may = useMay();
  const make = useMakeGroups(item);
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="sm">
        <Text className="breaks" flex="1 1 12rem">
          <bdi>{group.name}</bdi>{' '}
          <Text span c="dimmed" size="sm">
            in {many(group.rows, 'row')}
          </Text>
        </Text>
        <Group gap="sm">
          {may('organise') && may('import') && (
            <Button
              size="sm"
              variant="default"
              loading={make.isPending}
              onClick={() => make.mutate([group.name])}
            >
              Create this group
            </Button>
          )}
          {corrections && names.length > 0 && (
            <UseAnother group={group} names={names} corrections={corrections} id={item.import} />
          )}
        </Group>
      </Group>
      {make.isError && <Trouble error={make.error} />}
    </Stack>
  );
}

type AnotherProps = { group: UnknownGroup; names: string[]; corrections: Corrections; id: string };

function UseAnother({ group, names, corrections, id }: AnotherProps) {
  const use = useMutation({
    mutationFn: async (other: string) => {
      const cells = await cellsNaming(id, group.name);
      corrections.correctEach(
        cells.map(({ column, header, cell }) => ({
          column,
          header,
          was: cell,
          value: cell.replace(group.name, () => other),
        })),
      );
    },
  });
  return (
    <>
      <Select
        aria-label={`Use another group instead of ${group.name}`}
        placeholder="Use another group"
        data={names}
        value={null}
        searchable
        w={200}
        disabled={use.isPending || corrections.isBusy}
        onChange={(other) => other !== null && use.mutate(other)}
      />
      {use.isError && <Trouble error={use.error} />}
    </>
  );
}

const MOST_ROWS = 500;

/** The texts of cells that name a group, each once: a cell may name several groups. */
async function cellsNaming(id: string, name: string) {
  const query = { issue: 'group_unknown', search: name, limit: MOST_ROWS };
  const { rows, headers } = await answer(
    api.GET('/api/v1/imports/{id}/rows', { params: { path: { id }, query } }),
  );
  const cells = new Map<string, { column: string; header: string; cell: string }>();
  for (const row of rows) {
    for (const issue of row.issues.filter(({ code }) => code === 'group_unknown')) {
      const place = placeOf(issue, headers);
      const cell = row.cells[place] ?? '';
      if (cell.includes(name))
        cells.set(`${place} ${cell}`, { column: letters(place), header: headers[place] ?? '', cell });
    }
  }
  return [...cells.values()];
}
