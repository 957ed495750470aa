// The second step: how the file is read, and what each of its columns is.
import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Trouble } from '../../frame/Trouble';
import { useMay } from '../../session/queries';
import { many } from '../../words/format';
import { pluralOf } from '../../words/recordTypes';
import { ColumnLine } from './columns/ColumnLine';
import classes from './columns/Columns.module.css';
import { deciding, hindrances, isEmpty, isOpen, standing, suggested } from './columns/decide';
import { MakeAll } from './columns/MakeAll';
import { ownFields } from './columns/newField';
import { Reading } from './columns/Reading';
import { SameBefore } from './columns/SameBefore';
import { SavedMappings } from './columns/SavedMappings';
import { DraftStep } from './DraftStep';
import { type Draft, useChange } from './draft';
import { Footer } from './Footer';

/** The first deed of a column that is open, or one of two that are the same: its choice would open over the other. */
const TO_DECIDE = 'li[data-open] button, li[data-twice]';

/** Columns that are shown at first: of more there is a button. */
const SHOWN = 60;

export default function ColumnsPage() {
  return (
    <DraftStep title="Columns" help="columns">
      {(draft) => <Columns draft={draft} />}
    </DraftStep>
  );
}

function Columns({ draft }: { draft: Draft }) {
  const { source } = draft;
  // Readers of screens hear where they are now.
  useEffect(() => document.getElementById('title')?.focus({ preventScroll: true }), []);
  return (
    <>
      {draft.same_as && <SameBefore draft={draft} id={draft.same_as} />}
      {isEmpty(source) && <NoRows draft={draft} />}
      <Reading draft={draft} />
      <Group justify="space-between" align="end" gap="md">
        <AllAtOnce draft={draft} />
        <SavedMappings draft={draft} />
      </Group>
      <Lines
        key={[source.encoding, source.delimiter, source.sheet, source.header_row].join()}
        draft={draft}
      />
      <Onward draft={draft} />
    </>
  );
}

function NoRows({ draft }: { draft: Draft }) {
  const { header_row: row } = draft.source;
  return (
    <Alert
      role="alert"
      color="orange"
      icon={<IconAlertTriangle aria-hidden />}
      title={
        <Text span inherit c="bright">
          This list has no rows below its header
        </Text>
      }
    >
      <Text size="sm">
        There is nothing to import.{' '}
        <Anchor
          component={Link}
          to={`/imports/new/${pluralOf(draft.import.record_type)}`}
          inherit
          c="bright"
          underline="always"
        >
          Choose another file
        </Anchor>
        {row > 1 && `, or say below where its headers stand: now it is row ${row}`}.
      </Text>
    </Alert>
  );
}

/** Columns to decide come first, and stay where they are when they are decided. */
function Lines({ draft }: { draft: Draft }) {
  const [order] = useState(() => {
    const rank = new Map(draft.columns.map((column) => [column.column, isOpen(column) ? 0 : 1]));
    return (letter: string) => rank.get(letter) ?? 1;
  });
  const [shown, setShown] = useState(SHOWN);
  const lines = draft.columns.toSorted((one, other) => order(one.column) - order(other.column));
  return (
    <>
      <ul className={classes.list} aria-label="Columns">
        {lines.slice(0, shown).map((column) => (
          <ColumnLine key={column.column} draft={draft} column={column} />
        ))}
      </ul>
      {lines.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + 4 * SHOWN)}>
          Show more columns ({lines.length - shown} left)
        </Button>
      )}
    </>
  );
}

function AllAtOnce({ draft }: { draft: Draft }) {
  const change = useChange(draft.import.import);
  const open = draft.columns.filter(isOpen);
  const known = suggested(draft.columns);
  const own = ownFields(draft.columns);
  const may = useMay();
  const [isMaking, setMaking] = useState(false);
  const accept = () => change.mutate((now) => deciding(now, suggested(now.columns)));
  const leaveOut = () =>
    change.mutate((now) =>
      deciding(
        now,
        now.columns.filter(isOpen).map((column) => [column, null]),
      ),
    );
  return (
    <div>
      <Text fw={600} role="status">
        {standing(draft)}
      </Text>
      {open.length > 0 && (
        <Group gap="sm" mt="xs">
          {known.length > 0 && (
            <Button size="sm" onClick={accept} loading={change.isPending}>
              Accept {many(known.length, 'suggestion')}
            </Button>
          )}
          {own.length > 1 && may('define_fields') && (
            <Button size="sm" variant="light" onClick={() => setMaking(true)}>
              Make {many(own.length, 'custom field')}
            </Button>
          )}
          {open.length > 1 && (
            <Button size="sm" variant="default" onClick={leaveOut} loading={change.isPending}>
              Leave out all {open.length}
            </Button>
          )}
        </Group>
      )}
      {change.isError && <Trouble error={change.error} />}
      {isMaking && <MakeAll draft={draft} columns={own} close={() => setMaking(false)} />}
    </div>
  );
}

function Onward({ draft }: { draft: Draft }) {
  const navigate = useNavigate();
  const id = draft.import.import;
  const inTheWay = hindrances(draft);
  const [asked, setAsked] = useState(0);
  const way = useRef<HTMLDivElement>(null);
  // What is to be decided first has the focus, or else the words that say what is missing.
  useEffect(() => {
    if (asked === 0) return;
    const first = document.querySelector<HTMLElement>(TO_DECIDE) ?? way.current;
    first?.focus();
    first?.scrollIntoView({ block: 'center' });
  }, [asked]);
  const next = () => {
    if (inTheWay.length > 0) setAsked(asked + 1);
    else void navigate({ to: '/imports/$id/options', params: { id } });
  };
  const isStopped = asked > 0 && inTheWay.length > 0;
  return (
    <Footer
      back={
        <Button variant="default" component={Link} to={`/imports/new/${pluralOf(draft.import.record_type)}`}>
          Other file
        </Button>
      }
      next={
        <Button
          onClick={next}
          variant={inTheWay.length > 0 ? 'default' : 'filled'}
          aria-describedby="in-the-way"
        >
          Next: options
        </Button>
      }
    >
      {/* Said anew each time it is asked. */}
      <div
        key={asked}
        id="in-the-way"
        ref={way}
        tabIndex={-1}
        role={isStopped ? 'alert' : undefined}
        className={isStopped ? classes.stopped : undefined}
      >
        {inTheWay.length === 0 ? (
          <Text size="sm">All columns are clear. Everything is saved as you go.</Text>
        ) : (
          inTheWay.map((said) => (
            <Text key={said} size="sm" className={`${classes.way} breaks`}>
              {said}
            </Text>
          ))
        )}
      </div>
    </Footer>
  );
}
