// How the file is read: what was detected, how sure that is, and what it may be instead.
import { Alert, NumberInput, Select, SimpleGrid, Stack } from '@mantine/core';
import { useState } from 'react';
import { Trouble } from '../../../frame/Trouble';
import { count } from '../../../words/format';
import { Disclosure } from '../Disclosure';
import { type Draft, type Patch, useChange } from '../draft';
import { UNDECIDED } from './decide';

const ENCODINGS = [
  'UTF-8',
  'Windows-1252',
  'ISO-8859-2',
  'ISO-8859-15',
  'Windows-1250',
  'Windows-1251',
  'Windows-1254',
  'macintosh',
  'UTF-16LE',
  'UTF-16BE',
  'Shift_JIS',
  'GB18030',
  'Big5',
  'EUC-KR',
];

const DELIMITERS = [
  { value: ',', label: 'Comma ( , )' },
  { value: ';', label: 'Semicolon ( ; )' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Bar ( | )' },
];

/** From here on nobody needs to look. */
const SURE = 90;

type Guess = Draft['source']['detected']['encoding'];

export function Reading({ draft }: { draft: Draft }) {
  const { source, choices } = draft;
  const change = useChange(draft.import.import);
  const read = (patch: Patch) => change.mutate(() => ({ ...UNDECIDED, ...patch }));
  const isText = source.encoding !== null;
  return (
    <>
      <Disclosure title="How the file is read" about={summary(draft)} isOpen={!isSure(draft)}>
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            {isText && <Encoding draft={draft} read={read} />}
            {isText && (
              <Select
                label="Values are separated by"
                description={sureness(source.detected.delimiter, Boolean(choices.delimiter))}
                data={DELIMITERS}
                value={source.delimiter}
                onChange={(delimiter) => read({ delimiter })}
                allowDeselect={false}
              />
            )}
            {!isText && source.sheets.length > 0 && (
              <Select
                label="Sheet"
                description={source.sheets.length === 1 ? 'The only one' : `One of ${source.sheets.length}`}
                data={[...new Set(source.sheets)]}
                value={source.sheet}
                onChange={(sheet) => read({ sheet, header_row: null })}
                allowDeselect={false}
                searchable
              />
            )}
            <HeaderRow key={source.header_row} draft={draft} read={read} />
          </SimpleGrid>
          {change.isError && <Trouble error={change.error} />}
        </Stack>
      </Disclosure>
      {source.blank_formulas > 0 && (
        <Alert title={`${count(source.blank_formulas)} formulas have no stored result`}>
          They are read as blank. Open the file in its spreadsheet program, save it there, and upload it
          again.
        </Alert>
      )}
    </>
  );
}

type Part = { draft: Draft; read: (patch: Patch) => void };

function Encoding({ draft: { source, choices }, read }: Part) {
  const detected = source.detected.encoding;
  const known = [source.encoding ?? 'UTF-8', detected.runner_up, ...ENCODINGS].filter(
    (name) => name !== null,
  );
  return (
    <Select
      label="Letters are written as"
      description={sureness(detected, Boolean(choices.encoding))}
      data={[...new Set(known)]}
      value={source.encoding}
      onChange={(encoding) => read({ encoding })}
      allowDeselect={false}
      searchable
    />
  );
}

function HeaderRow({ draft: { source, choices }, read }: Part) {
  const [row, setRow] = useState<number | string>(source.header_row);
  const save = () => {
    if (typeof row === 'number' && row !== source.header_row) read({ header_row: row });
    else setRow(source.header_row);
  };
  return (
    <NumberInput
      label="Headers stand in row"
      description={
        source.header_row === 0
          ? 'There are none'
          : sureness(source.detected.header_row, choices.header_row !== undefined) || '0: there are none'
      }
      value={row}
      onChange={setRow}
      onBlur={save}
      onKeyDown={({ key }) => key === 'Enter' && save()}
      min={0}
      max={1000}
      allowDecimal={false}
      allowNegative={false}
    />
  );
}

/** The other way to read it, if it is one that can be chosen here. */
function second(runner_up: Guess['runner_up']): string {
  // Of two ways that differ in their quotes alone nothing can be chosen.
  if (!runner_up || runner_up.includes('quotes')) return '';
  return `, or else ${DELIMITERS.find(({ value }) => value === runner_up)?.label ?? runner_up}`;
}

function sureness({ certainty, runner_up }: Guess, isChosen: boolean): string {
  if (isChosen) return 'Your choice';
  if (certainty >= SURE) return 'Sure';
  return `${certainty >= 70 ? 'Likely' : 'Not sure'}${second(runner_up)}`;
}

const label = (delimiter: string | null) =>
  DELIMITERS.find(({ value }) => value === delimiter)
    ?.label.replace(/ \(.*/, '')
    .toLowerCase();

/** How it is read, in a line. */
function summary({ source }: Draft): string {
  const { encoding, delimiter, sheet, header_row } = source;
  const how =
    encoding === null ? `Sheet ${sheet ?? 1}` : `${encoding}, separated by ${label(delimiter) ?? delimiter}`;
  return `${how}, ${header_row === 0 ? 'no headers' : `headers in row ${header_row}`}`;
}

/** Nothing was detected that somebody should look at. */
function isSure({ source, choices }: Draft): boolean {
  const { encoding, delimiter, header_row } = source.detected;
  const isClear = (guess: Guess, chosen: unknown) => guess.certainty >= SURE || Boolean(chosen);
  if (!isClear(header_row, choices.header_row !== undefined)) return false;
  if (source.encoding === null) return source.sheets.length < 2;
  return isClear(encoding, choices.encoding) && isClear(delimiter, choices.delimiter);
}
