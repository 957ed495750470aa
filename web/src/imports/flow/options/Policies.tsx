// What happens to a value of somebody who is there already, field by field.
import { NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';
import { words } from '../../../frame/Trouble';
import { hasPolicy, isStandard, type Policy, usualPolicy } from '../../../words/fields';
import { Disclosure } from '../Disclosure';
import { type Draft, useChange } from '../draft';
import classes from './Options.module.css';

const WORDS: Record<Policy, string> = {
  keep: 'Keep what is there',
  fill: 'Fill blanks',
  overwrite: 'Overwrite',
};

const bare = (name: string) => name.toLowerCase().replaceAll(' ', '_');

export function Policies({ draft }: { draft: Draft }) {
  const type = draft.import.record_type;
  const fields = draft.columns.flatMap(({ field }) => (field && hasPolicy(type, field) ? [field] : []));
  const chosen = Object.keys(draft.choices.policies ?? {}).length;
  if (fields.length === 0) return null;
  const about =
    chosen === 0 ? 'As usual' : chosen === 1 ? 'One is not as usual' : `${chosen} are not as usual`;
  return (
    <Disclosure
      title="What happens to each value of people who are there already"
      about={`${about}. A blank cell never changes anything.`}
      isOpen={false}
    >
      {[...new Set(fields)].map((field) => (
        <PolicyOf key={field} draft={draft} field={field} />
      ))}
    </Disclosure>
  );
}

function PolicyOf({ draft, field }: { draft: Draft; field: string }) {
  const change = useChange(draft.import.import);
  const type = draft.import.record_type;
  const usual = usualPolicy(type, field);
  // A follow-up names standard fields as the API does.
  const names = Object.keys(draft.choices.policies ?? {}).filter(
    (name) => name === field || (isStandard(type, field) && bare(name) === bare(field)),
  );
  const policy = names[0] ? draft.choices.policies?.[names[0]] : usual;
  const [wish, setWish] = useState(policy);
  const choose = (value: string) => {
    setWish(value);
    const before = Object.fromEntries(names.map((name) => [name, null]));
    change.mutate(() => ({ policies: { ...before, [field]: value === usual ? null : value } }));
  };
  return (
    <div className={classes.policy}>
      <Text size="sm" fw={600} className="breaks" dir="auto">
        {field}
      </Text>
      <NativeSelect
        aria-label={`What happens to ${field}`}
        data={(['keep', 'fill', 'overwrite'] as const).map((value) => ({
          value,
          label: value === usual ? `${WORDS[value]} (usual)` : WORDS[value],
        }))}
        value={change.isPending ? wish : policy}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
        error={change.isError ? words(change.error).message : undefined}
      />
    </div>
  );
}
