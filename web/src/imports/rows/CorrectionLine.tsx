// What was corrected last: said in words, with the same for all alike, and the way back.
import { Button, Group, Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { RecordType } from '../../api/client';
import { Trouble } from '../../frame/Trouble';
import { count, many } from '../../words/format';
import { people } from '../../words/recordTypes';
import { importQuery } from '../queries';
import type { Row } from './queries';
import classes from './Rows.module.css';
import type { Corrections, Done } from './useCorrections';

const SHOWN = 60;
const short = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
const quoted = (text: string) => (text === '' ? 'blank' : `“${short(text)}”`);

/** What will become of a row now, or what it still lacks. */
function fate({ outcome, issues }: Row, type: RecordType): string {
  const one = `${type === 'advocate' ? 'an' : 'a'} ${people(type, 1)}`;
  if (outcome === 'failed') {
    const why = issues.find(({ severity }) => severity === 'error')?.message;
    return why ? `It still needs a look: ${why}.` : 'It still needs a look.';
  }
  const becomes: Record<string, string> = {
    created: `will be a new ${people(type, 1)}`,
    updated: `will update ${one} who is there`,
    unchanged: 'will change nothing',
    skipped: 'will be skipped',
  };
  return `Fine now: this row ${becomes[outcome] ?? 'is clear'}.`;
}

function sentence({ body, header, cells, row, was }: Done, type: RecordType | undefined): string {
  if (body.is_person) return `Row ${body.row} is taken as a person.`;
  if (body.row === undefined || body.row === null) {
    return `${many(cells, 'cell')} of ${short(header)} changed from ${quoted(was)} to ${quoted(body.value ?? '')}.`;
  }
  const told = row && type ? ` ${fate(row, type)}` : '';
  return `Row ${body.row}: ${short(header)} changed to ${quoted(body.value ?? '')}.${told}`;
}

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
  const type = useQuery(importQuery(corrections.id)).data?.record_type;
  return (
    <Group className={classes.done} justify="space-between" gap="sm">
      <Text size="sm" className="breaks">
        {sentence(done, type)}
      </Text>
      <Group gap="xs">
        {alike > 0 && column != null && value != null && (
          <Button
            size="compact-sm"
            className={classes.wraps}
            onClick={() => corrections.correctEach([{ column, value, was, header }])}
          >
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
