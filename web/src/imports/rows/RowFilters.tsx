// Which rows are shown: by outcome, by issue, by words of a cell.
import { Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { Shapes } from '../../api/client';
import { count } from '../../words/format';
import { type Counts, OUTCOMES, processed } from '../outcomes';
import type { RowFilter } from './queries';
import classes from './Rows.module.css';

type Props = {
  filter: RowFilter;
  change: (filter: RowFilter) => void;
  counts: Counts;
  isPlan: boolean;
  /** How many rows have which issue, where it is known. */
  issues?: Shapes['IssueCount'][] | undefined;
};

const SEARCH_PAUSE_MS = 250;

export function RowFilters({ filter, change, counts, isPlan, issues }: Props) {
  const { outcome: _, ...ofAny } = filter;
  const all = isPlan ? counts.total : processed(counts);
  const chips = OUTCOMES.filter(({ outcome }) => outcome !== 'not_processed' && counts[outcome] > 0);
  return (
    <Group gap="sm" justify="space-between">
      <fieldset className={classes.chips} style={{ border: 0, margin: 0, padding: 0 }}>
        <legend className={classes.hidden}>Rows by outcome</legend>
        <Chip title="All" amount={all} isOn={!filter.outcome} press={() => change(ofAny)} />
        {chips.map(({ outcome, title, planned }) => (
          <Chip
            key={outcome}
            title={isPlan ? planned : title}
            amount={counts[outcome]}
            isOn={filter.outcome === outcome}
            press={() => change({ ...ofAny, outcome })}
          />
        ))}
      </fieldset>
      <Group gap="sm" className={classes.narrowing}>
        {issues && issues.length > 0 && <IssueFilter {...{ filter, change, issues }} />}
        <Search filter={filter} change={change} />
      </Group>
    </Group>
  );
}

type ChipProps = { title: string; amount: number; isOn: boolean; press: () => void };

function Chip({ title, amount, isOn, press }: ChipProps) {
  return (
    <button type="button" className={classes.chip} aria-pressed={isOn} onClick={press}>
      {title} <span className="numbers">{count(amount)}</span>
    </button>
  );
}

/** The sentence of an issue without what differs from row to row. */
const kindOf = (sentence: string) => sentence.replaceAll(/\{\w+\}/g, '…');

type IssueProps = Pick<Props, 'filter' | 'change'> & { issues: Shapes['IssueCount'][] };

function IssueFilter({ filter, change, issues }: IssueProps) {
  const { issue: _, ...ofAny } = filter;
  return (
    <Select
      aria-label="Rows with an issue"
      placeholder="Any issue"
      clearable
      clearButtonProps={{ 'aria-label': 'Any issue' }}
      className={classes.narrow}
      value={filter.issue ?? null}
      data={issues.map(({ code, sentence, count: rows }) => ({
        value: code,
        label: `${kindOf(sentence)} (${count(rows)})`,
      }))}
      onChange={(issue) => change(issue === null ? ofAny : { ...ofAny, issue })}
    />
  );
}

function Search({ filter, change }: Pick<Props, 'filter' | 'change'>) {
  const [words, setWords] = useState(filter.search ?? '');
  const search = useDebouncedCallback((text: string) => {
    const { search: _, ...ofAny } = filter;
    change(text.trim() === '' ? ofAny : { ...ofAny, search: text });
  }, SEARCH_PAUSE_MS);
  return (
    <TextInput
      className={classes.narrow}
      aria-label="Search the rows"
      placeholder="Search the rows"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={words}
      onChange={({ currentTarget }) => {
        setWords(currentTarget.value);
        search(currentTarget.value);
      }}
    />
  );
}
