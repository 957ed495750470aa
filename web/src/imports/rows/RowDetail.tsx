// One row whole: its fate, what is wrong and how it is put right, what an update changes, what was corrected.
import { Autocomplete, Button, Group, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { hintOf } from '../../words/hints';
import { OutcomeMark } from './OutcomeMark';
import { type Issue, isWhole, letters, placeOf, type Row } from './queries';
import classes from './Rows.module.css';
import { AddOption, useSelect } from './UnknownOption';
import type { Corrections } from './useCorrections';

type Props = {
  row: Row;
  headers: readonly string[];
  isPlan: boolean;
  /** Left out where nothing can be corrected. */
  corrections?: Corrections | undefined;
};

export function RowDetail({ row, headers, isPlan, corrections }: Props) {
  const isLine = row.issues.some(({ code }) => code === 'not_a_contact');
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Text fw={650}>Row {row.row}</Text>
        <OutcomeMark outcome={row.outcome} isPlan={isPlan} />
      </Group>
      <Who row={row} headers={headers} />
      {row.issues.map((issue) => (
        <IssueOf
          key={`${issue.code} ${issue.column} ${issue.value}`}
          {...{ issue, row, headers, corrections }}
        />
      ))}
      {isLine && corrections && (
        <Button variant="default" size="xs" onClick={() => corrections.isPerson(row.row)}>
          This is a person
        </Button>
      )}
      {corrections && <Other row={row} headers={headers} corrections={corrections} />}
      {row.changes.length > 0 && <Changes row={row} />}
      <Corrected row={row} headers={headers} corrections={corrections} />
    </Stack>
  );
}

const FIRST_CELLS = 3;

/** Enough of a row to know it by. */
function Who({ row, headers }: { row: Row; headers: readonly string[] }) {
  const shown = row.cells.map((cell, place) => [headers[place] ?? letters(place), cell] as const);
  const filled = shown.filter(([, cell]) => cell.trim() !== '').slice(0, FIRST_CELLS);
  return (
    <div>
      {filled.map(([header, cell]) => (
        <Text key={header} size="sm" className={classes.clamped}>
          <Text span c="dimmed" size="sm">
            {header}:{' '}
          </Text>
          <bdi>{cell}</bdi>
        </Text>
      ))}
    </div>
  );
}

type IssueProps = {
  issue: Issue;
  row: Row;
  headers: readonly string[];
  corrections?: Corrections | undefined;
};

function IssueOf({ issue, row, headers, corrections }: IssueProps) {
  const select = useSelect(corrections?.id ?? '', issue);
  const place = placeOf(issue, headers);
  const cell = row.cells[place] ?? '';
  const mayFix = corrections && place >= 0 && issue.severity !== 'notice';
  return (
    <div className={classes.issue} data-severity={issue.severity}>
      <Text size="sm" fw={600} className="breaks">
        {SAID[issue.severity]}: {issue.message}
      </Text>
      {issue.hint && (
        <Text size="sm" c="dimmed" className="breaks">
          {hintOf(issue)}
        </Text>
      )}
      {mayFix && isWhole(cell) && (
        <Fix key={cell} {...{ row, headers, place, corrections }} options={select?.options} />
      )}
      {mayFix && select && issue.value && (
        <AddOption id={corrections.id} field={select} value={issue.value} />
      )}
      {mayFix && !isWhole(cell) && (
        <Text size="sm">This value is too long to be corrected here. Correct it in the file.</Text>
      )}
    </div>
  );
}

const SAID: Record<string, string> = { error: 'Problem', warning: 'Warning', notice: 'Note' };

type FixProps = {
  row: Row;
  headers: readonly string[];
  place: number;
  corrections: Corrections;
  /** What may stand there. */
  options?: string[] | undefined;
};

/** One cell of the row, to be written anew. */
function Fix({ row, headers, place, corrections, options = [] }: FixProps) {
  const [header, cell] = [headers[place] ?? '', row.cells[place] ?? ''];
  const [value, setValue] = useState(cell);
  const save = () => corrections.correct({ row: row.row, column: letters(place), value, was: cell, header });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (value !== cell) save();
      }}
    >
      <Group gap="xs" align="end" mt="xs" wrap="nowrap">
        <Autocomplete
          size="sm"
          flex={1}
          label={<span className={classes.label}>{header}</span>}
          data={options}
          // All of them, until something else is written.
          {...(value === cell && { filter: ({ options: all }) => all })}
          value={value}
          onChange={setValue}
        />
        <Button
          type="submit"
          size="sm"
          variant="default"
          disabled={value === cell}
          loading={corrections.isBusy}
        >
          Correct
        </Button>
      </Group>
    </form>
  );
}

/** Any other value of the row: a name that is missing altogether has no cell to stand at. */
function Other({ row, headers, corrections }: Pick<Props, 'row' | 'headers'> & { corrections: Corrections }) {
  const [place, setPlace] = useState<number>();
  const cell = place === undefined ? '' : (row.cells[place] ?? '');
  return (
    <div>
      <NativeSelect
        size="xs"
        aria-label="Correct another value"
        value={place ?? ''}
        onChange={({ currentTarget }) =>
          setPlace(currentTarget.value === '' ? undefined : Number(currentTarget.value))
        }
        data={[
          { value: '', label: 'Correct another value' },
          ...headers.map((header, index) => ({ value: String(index), label: nameOf(header, index) })),
        ]}
      />
      {place !== undefined && isWhole(cell) && (
        <Fix key={`${place} ${cell}`} {...{ row, headers, place, corrections }} />
      )}
    </div>
  );
}

const LONGEST_NAME = 60;
const nameOf = (header: string, place: number) => (header || letters(place)).slice(0, LONGEST_NAME);

function Changes({ row }: { row: Row }) {
  return (
    <Table className={classes.changes} layout="fixed">
      <Table.Caption>What changes</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Field</Table.Th>
          <Table.Th>Before</Table.Th>
          <Table.Th>After</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {row.changes.map(({ field, before, after }) => (
          <Table.Tr key={`${field} ${before} ${after}`}>
            <Table.Td>{field}</Table.Td>
            <Table.Td className={classes.clamped}>
              <bdi>{before ?? '–'}</bdi>
            </Table.Td>
            <Table.Td className={classes.clamped}>
              <bdi>{after ?? '–'}</bdi>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

type CorrectedProps = Pick<Props, 'row' | 'headers' | 'corrections'>;

function Corrected({ row, headers, corrections }: CorrectedProps) {
  return row.corrected.map(({ column, was }) => {
    const place = headers.findIndex((_, index) => letters(index) === column);
    return (
      <Group key={column} gap="xs" justify="space-between" wrap="nowrap">
        <Text size="sm" className={classes.clamped}>
          {headers[place] ?? column} was changed; the file has{' '}
          {was === '' ? 'nothing there' : <bdi>“{was}”</bdi>}.
        </Text>
        {corrections && (
          <Button
            size="compact-xs"
            variant="default"
            flex="none"
            aria-label={`Take back the correction of ${headers[place] ?? column}`}
            onClick={() => corrections.takeBack([{ row: row.row, column }])}
          >
            Take back
          </Button>
        )}
      </Group>
    );
  });
}
