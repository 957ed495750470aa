// How dates and numbers are written, where the file can be read both ways: nothing is guessed.
import { Alert, Text } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import type { Draft } from '../draft';
import { Section } from './Section';
import { Choice } from './Whom';

export function Forms({ draft }: { draft: Draft }) {
  const { choices, problem } = draft;
  const areDatesOpen = problem?.code === 'dates_ambiguous';
  const isDecimalOpen = problem?.code === 'decimal_ambiguous';
  const hasDates = areDatesOpen || Boolean(choices.dates);
  const hasDecimal = isDecimalOpen || Boolean(choices.decimal);
  if (!hasDates && !hasDecimal) return null;
  return (
    <Section title="How dates and numbers are written">
      {(areDatesOpen || isDecimalOpen) && (
        <Alert
          color="orange"
          icon={<IconHelpCircle aria-hidden />}
          title={
            <Text span inherit c="bright">
              One thing to decide before the check
            </Text>
          }
        >
          <span className="breaks">{problem?.message}.</span>
        </Alert>
      )}
      {hasDates && (
        <Choice
          draft={draft}
          label="Dates are written"
          value={choices.dates ?? null}
          patch={(dates) => ({ dates })}
          options={[
            ['dmy', 'Day first', '31/12/2026'],
            ['mdy', 'Month first', '12/31/2026'],
            ['ymd', 'Year first', '2026/12/31'],
          ]}
        />
      )}
      {hasDecimal && (
        <Choice
          draft={draft}
          label="Numbers are written"
          value={choices.decimal ?? null}
          patch={(decimal) => ({ decimal })}
          options={[
            ['point', 'With a decimal point', '1,234.5'],
            ['comma', 'With a decimal comma', '1.234,5'],
          ]}
        />
      )}
    </Section>
  );
}
