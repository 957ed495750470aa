// What was chosen under Options, in words.
import type { ReactNode } from 'react';
import { Pairs } from '../../parts/Pairs';
import { usualOnMatch } from '../../words/fields';
import type { Draft } from './draft';
import { whatAdds, whatHappens } from './options/usually';

export function Summary({ draft }: { draft: Draft }) {
  return <Pairs pairs={decided(draft)} />;
}

const DATES: Record<string, string> = {
  dmy: 'day, month, year',
  mdy: 'month, day, year',
  ymd: 'year, month, day',
};

/** Only what was decided; the rest is as it usually is. */
function decided(draft: Draft): [string, ReactNode][] {
  const { choices, import: item } = draft;
  const type = item.record_type;
  const { groups = [], tags = [] } = choices;
  const match = choices.on_match ?? usualOnMatch(type);
  const matched =
    match === 'skip'
      ? `Left as they are${tags.length > 0 && choices.tag_duplicates ? ', and tagged' : ''}`
      : `Brought up to date. ${whatHappens(draft)}${whatAdds(draft)}`;
  return [
    ['Imported as', type === 'advocate' && (choices.nominees ? 'Nominees' : 'Advocates')],
    ['Groups for everybody', groups.length > 0 ? groups.join(', ') : 'None'],
    ['Tags for everybody', tags.length > 0 && tags.join(', ')],
    ['People who are here already', matched],
    ['New people', choices.on_new === 'skip' ? 'Left out' : 'Added'],
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
