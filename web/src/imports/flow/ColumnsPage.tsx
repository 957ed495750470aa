// The second step: how the file is read, and what each of its columns is.
import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Trouble } from '../../frame/Trouble';
import { useMay } from '../../session/queries';
import { many } from '../../words/format';
import { pluralOf } from '../../words/recordTypes';
import { ColumnLine } from './columns/ColumnLine';
import classes from './columns/Columns.module.css';
import { deciding, hindrances, isOpen, suggested } from './columns/decide';
import { MakeAll } from './columns/MakeAll';
import { ownFields } from './columns/newField';
import { Reading } from './columns/Reading';
import { SavedMappings } from './columns/SavedMappings';
import { DraftStep } from './DraftStep';
import { type Draft, useChange } from './draft';
import { Footer } from './Footer';

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
      {draft.same_as && <SameBefore id={draft.same_as} />}
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

function SameBefore({ id }: { id: string }) {
  return (
    <Alert icon={<IconCopy aria-hidden />} title="The same content was uploaded before">
      <Text size="sm">
        <Anchor component={Link} to={`/imports/${id}`} inherit underline="always">
          See that import
        </Anchor>
        . You can go on here: people who are there already are not imported twice.
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
        {open.length === 0 ? 'Every column is decided' : `${many(open.length, 'column')} to decide`}
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
  const [wasAsked, setAsked] = useState(false);
  const next = () => {
    if (inTheWay.length > 0) setAsked(true);
    else void navigate({ to: '/imports/$id/options', params: { id } });
  };
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
      <div id="in-the-way" role={wasAsked ? 'alert' : undefined}>
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
