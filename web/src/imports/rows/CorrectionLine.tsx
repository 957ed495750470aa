// What was corrected last: said in words, with the same for all alike, and the way back.
import { Button, Group, Loader, Text } from '@mantine/core';
import { Trouble } from '../../frame/Trouble';
import { count, many } from '../../words/format';
import { toldOf } from '../outcomes';
import classes from './Rows.module.css';
import type { Corrections, Done } from './useCorrections';

const SHOWN = 60;
const short = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
const quoted = (text: string) => (text === '' ? 'blank' : `“${short(text)}”`);

function sentence({ body, header, cells, row, was }: Done): string {
  if (body.is_person) return `Row ${body.row} is taken as a person.`;
  if (body.row === undefined || body.row === null) {
    return `${many(cells, 'cell')} of ${short(header)} changed from ${quoted(was)} to ${quoted(body.value ?? '')}.`;
  }
  return `Row ${body.row}: ${short(header)} is now ${quoted(body.value ?? '')}.${row ? ` ${fate(row.outcome)}` : ''}`;
}

const fate = (outcome: string) =>
  outcome === 'failed'
    ? 'It still needs a look.'
    : `It is fine now: ${toldOf(outcome).planned.toLowerCase()}.`;

export function CorrectionLine({ corrections }: { corrections: Corrections }) {
  const { done, error, isBusy } = corrections;
  return (
    <div role="status" aria-label="Corrections">
      {error && <Trouble error={error} />}
      {isBusy && <Loader size="xs" aria-label="Correcting" />}
      {done && !isBusy && <Line done={done} corrections={corrections} />}
    </div>
  );
}

function Line({ done, corrections }: { done: Done; corrections: Corrections }) {
  const { body, was, header, alike } = done;
  const { column, value } = body;
  return (
    <Group className={classes.done} justify="space-between" gap="sm">
      <Text size="sm" className="breaks">
        {sentence(done)}
      </Text>
      <Group gap="xs">
        {alike > 0 && column != null && value != null && (
          <Button size="compact-sm" onClick={() => corrections.correctEach([{ column, value, was, header }])}>
            {alike === 1
              ? `Change the other ${quoted(was)} too`
              : `Change the other ${count(alike)} ${quoted(was)} too`}
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={() => corrections.takeBack(done.undo)}>
          Undo
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={corrections.dismiss}>
          Dismiss
        </Button>
      </Group>
    </Group>
  );
}
