// One column of the file: its header and values on one side, what it is on the other.
import { Badge, Button, Group, Select, Text } from '@mantine/core';
import { IconArrowNarrowRight } from '@tabler/icons-react';
import { useState } from 'react';
import { words } from '../../../frame/Trouble';
import { useMay } from '../../../session/queries';
import { type Column, type Draft, useChange } from '../draft';
import classes from './Columns.module.css';
import { deciding, doubled, isOpen, offered, reason, suggested } from './decide';
import { NewFieldDialog } from './NewFieldDialog';

const OUT = 'out';
const NEW = 'new';
const FIELD = 'field:';

export function ColumnLine({ draft, column }: { draft: Draft; column: Column }) {
  const change = useChange(draft.import.import);
  const may = useMay();
  const [isMaking, setMaking] = useState(false);
  const decide = (field: string | null) => change.mutate((now) => deciding(now, [[column, field]]));
  const chosen = (value: string | null) => {
    if (value === NEW) setMaking(true);
    else if (value === OUT) decide(null);
    else if (value) decide(value.slice(FIELD.length));
  };
  const name = column.header === '' ? `Column ${column.column}` : column.header.slice(0, 80);
  const isTwice = column.field !== null && doubled(draft.columns).has(column.field);
  const error = change.isError
    ? words(change.error).message
    : isTwice && `Another column is ${column.field} too`;
  return (
    <li
      className={classes.line}
      data-open={isOpen(column) || undefined}
      data-twice={isTwice || undefined}
      tabIndex={isTwice ? -1 : undefined}
    >
      <Told column={column} />
      <IconArrowNarrowRight className={classes.arrow} aria-hidden />
      <div className={classes.choice}>
        <Select
          aria-label={`What ${name} is`}
          placeholder={column.decided === 'blank' ? 'Nothing' : 'Choose what it is'}
          searchable
          selectFirstOptionOnChange
          nothingFoundMessage="No field of that name"
          data={choices(draft, may('define_fields'))}
          value={choiceOf(column)}
          onChange={chosen}
          allowDeselect={false}
          disabled={column.decided === 'blank'}
          error={error || undefined}
          loading={change.isPending}
          maxDropdownHeight={320}
        />
        <Group gap="xs" mt={6}>
          {isOpen(column) && (
            <Badge color="orange" variant="outline" radius="sm" tt="none" className={classes.badge}>
              To decide
            </Badge>
          )}
          <Text size="sm" c="dimmed" className="breaks">
            {reason(column, draft)}
          </Text>
        </Group>
        {isOpen(column) && (
          <Ways draft={draft} column={column} decide={decide} make={() => setMaking(true)} />
        )}
      </div>
      {isMaking && <NewFieldDialog draft={draft} column={column} close={() => setMaking(false)} />}
    </li>
  );
}

type WaysProps = {
  draft: Draft;
  column: Column;
  decide: (field: string | null) => void;
  make: () => void;
};

/** The likely decisions about a column, one press each. */
function Ways({ draft, column, decide, make }: WaysProps) {
  const may = useMay();
  const suggestion = suggested(draft.columns).find(([{ column: letter }]) => letter === column.column)?.[1];
  return (
    <Group gap="xs" mt="xs">
      {suggestion && (
        <Button size="compact-sm" onClick={() => decide(suggestion)}>
          Yes, {suggestion}
        </Button>
      )}
      {!suggestion && may('define_fields') && (
        <Button size="compact-sm" variant="light" onClick={make}>
          Make a custom field
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={() => decide(null)}>
        Leave out
      </Button>
    </Group>
  );
}

function Told({ column }: { column: Column }) {
  return (
    <div className={classes.told}>
      <Group gap="xs" wrap="nowrap" align="baseline">
        <span className={classes.letter} title={`Column ${column.column}`}>
          {column.column}
        </span>
        <Text fw={600} className={classes.header} title={column.header.slice(0, 300)} dir="auto">
          {column.header || <i>No header</i>}
        </Text>
      </Group>
      {column.samples.length > 0 ? (
        <ul className={classes.samples} aria-label="Values">
          {column.samples.map((value) => (
            <li key={value} dir="auto">
              {value}
            </li>
          ))}
        </ul>
      ) : (
        <Text size="sm" c="dimmed">
          No values
        </Text>
      )}
    </div>
  );
}

function choiceOf({ decided, field }: Column): string | null {
  if (decided === 'ignored') return OUT;
  return field === null ? null : `${FIELD}${field}`;
}

function choices(draft: Draft, mayDefine: boolean) {
  const { standard, custom, accounts } = offered(draft);
  const items = (fields: string[]) => fields.map((field) => ({ value: `${FIELD}${field}`, label: field }));
  const otherwise = [{ value: OUT, label: 'Leave out' }];
  if (mayDefine) otherwise.push({ value: NEW, label: 'Make a custom field…' });
  return [
    { group: 'Fields', items: items(standard) },
    { group: 'Custom fields', items: items(custom) },
    { group: 'Accounts', items: items(accounts) },
    { group: 'Otherwise', items: otherwise },
  ].filter(({ items }) => items.length > 0);
}
