// Counts as a picture: a bar whose parts have colour, pattern and name, and the same in a list. Who cannot see it hears the list.
import { Text } from '@mantine/core';
import { count } from '../words/format';
import { type Counts, OUTCOMES } from './outcomes';
import classes from './Picture.module.css';

type Props = { counts: Counts; isPlan?: boolean };

export function Picture({ counts, isPlan = false }: Props) {
  const parts = OUTCOMES.filter(
    ({ outcome }) => counts[outcome] > 0 || (outcome !== 'not_processed' && !isPlan),
  );
  return (
    <div>
      <div className={classes.bar} aria-hidden>
        {parts
          .filter(({ outcome }) => counts[outcome] > 0)
          .map(({ outcome }) => (
            <div
              key={outcome}
              className={classes.part}
              data-outcome={outcome}
              style={{ flexGrow: counts[outcome] }}
            />
          ))}
      </div>
      <ul className={classes.legend}>
        {parts.map(({ outcome, title, planned }) => (
          <li key={outcome} data-testid={`count-${outcome}`}>
            <span className={classes.sample} data-outcome={outcome} aria-hidden />
            <Text span fw={650} className="numbers">
              {count(counts[outcome])}
            </Text>{' '}
            <Text span size="sm" c="dimmed">
              {(isPlan ? planned : title).toLowerCase()}
            </Text>
          </li>
        ))}
      </ul>
    </div>
  );
}
