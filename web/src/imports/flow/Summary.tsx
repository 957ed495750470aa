// What was chosen under Options, in words.
import type { ReactNode } from 'react';
import type { RecordType, Shapes } from '../../api/client';
import { Pairs } from '../../parts/Pairs';
import { usualOnMatch } from '../../words/fields';

export function Summary({ choices, type }: { choices: Shapes['Choices']; type: RecordType }) {
  return <Pairs pairs={decided(choices, type)} />;
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
function decided(choices: Shapes['Choices'], type: RecordType): [string, ReactNode][] {
  const { groups = [], tags = [], policies = {} } = choices;
  const match = choices.on_match ?? usualOnMatch(type);
  const matched = match === 'skip' ? 'Left as they are' : 'Brought up to date';
  return [
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
}
