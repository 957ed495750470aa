// What was chosen under Options, in words.
import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { RecordType, Shapes } from '../../api/client';
import { Trouble } from '../../frame/Trouble';
import { preparedQuery } from '../queries';
import classes from './Run.module.css';

export function Summary({ id, type }: { id: string; type: RecordType }) {
  const draft = useQuery(preparedQuery(id));
  if (draft.isError && !draft.data) return <Trouble error={draft.error} again={() => void draft.refetch()} />;
  if (!draft.data) return <Skeleton h={120} />;
  return (
    <dl className={classes.pairs}>
      {lines(draft.data.choices, type).map(([title, words]) => (
        <div key={title}>
          <Text component="dt" size="sm" c="dimmed">
            {title}
          </Text>
          <Text component="dd" m={0} className="breaks">
            {words}
          </Text>
        </div>
      ))}
    </dl>
  );
}

const POLICY: Record<string, string> = {
  keep: 'is kept as it is',
  fill: 'is filled where it is blank',
  overwrite: 'is replaced',
};
const DATES: Record<string, string> = {
  dmy: 'day, month, year',
  mdy: 'month, day, year',
  ymd: 'year, month, day',
};

/** Only what was decided; the rest is as it usually is. */
function lines(choices: Shapes['Choices'], type: RecordType): [string, string][] {
  const { groups = [], tags = [], policies = {} } = choices;
  // What people who are there get, if nobody says otherwise, differs by record type.
  const match = choices.on_match ?? (type === 'creator' ? 'skip' : 'merge');
  const matched = match === 'skip' ? 'Left as they are' : 'Brought up to date';
  const all: [string, string | false | null | undefined][] = [
    ['Imported as', type === 'advocate' && (choices.nominees ? 'Nominees' : 'Advocates')],
    ['Groups for everybody', groups.length > 0 ? groups.join(', ') : 'None'],
    ['Tags for everybody', tags.length > 0 && tags.join(', ')],
    ['People who are here already', matched],
    ['New people', choices.on_new === 'skip' ? 'Left out' : 'Added'],
    [
      'Values that are there',
      Object.entries(policies)
        .map(([field, policy]) => `${field} ${POLICY[policy] ?? policy}`)
        .join('; '),
    ],
    ['Dates', choices.dates && (DATES[choices.dates] ?? choices.dates)],
    ['Decimals', choices.decimal && `With a ${choices.decimal}`],
    ['A cell that clears a value', choices.clear_token],
    [
      'Stops before it begins',
      choices.max_failed && `If more than ${choices.max_failed} of the rows would fail`,
    ],
    ['Where the list comes from', choices.origin],
    ['Why they may be written to', choices.ground],
  ];
  return all.filter((line): line is [string, string] => Boolean(line[1]));
}
