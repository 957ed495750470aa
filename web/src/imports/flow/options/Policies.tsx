// What happens to a value of somebody who is there already, field by field.
import { NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';
import { words } from '../../../frame/Trouble';
import { type Policy, usualPolicy } from '../../../words/fields';
import { many } from '../../../words/format';
import { Disclosure } from '../Disclosure';
import { type Draft, useChange } from '../draft';
import classes from './Options.module.css';
import { fieldsWithPolicy, namesOf, policyOf } from './usually';

const WORDS: Record<Policy, string> = {
  keep: 'Keep what is there',
  fill: 'Fill blanks',
  overwrite: 'Overwrite',
};

export function Policies({ draft }: { draft: Draft }) {
  const fields = fieldsWithPolicy(draft);
  if (fields.length === 0) return null;
  const type = draft.import.record_type;
  const unusual = fields.filter((field) => policyOf(draft, field) !== usualPolicy(type, field)).length;
  const about =
    unusual > 0
      ? `${many(unusual, 'value is', 'values are')} not treated as usual.`
      : 'As “Bring them up to date” says, unless you choose otherwise here.';
  return (
    <Disclosure
      title="What happens to each value of people who are there already"
      about={`${about} A blank cell never changes anything.`}
      isOpen={false}
    >
      {fields.map((field) => (
        <PolicyOf key={field} draft={draft} field={field} />
      ))}
    </Disclosure>
  );
}

function PolicyOf({ draft, field }: { draft: Draft; field: string }) {
  const change = useChange(draft.import.import);
  const usual = usualPolicy(draft.import.record_type, field);
  const names = namesOf(draft, field);
  const policy = policyOf(draft, field);
  const [wish, setWish] = useState<string>(policy);
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
