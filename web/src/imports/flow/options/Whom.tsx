// What becomes of the people: as what they are imported, and what happens to those who are there and to new ones.
import { Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { words } from '../../../frame/Trouble';
import { usualOnMatch } from '../../../words/fields';
import { people } from '../../../words/recordTypes';
import { type Draft, type Patch, useChange } from '../draft';
import { Section } from './Section';
import { whatAdds, whatHappens } from './usually';

export function Whom({ draft }: { draft: Draft }) {
  const { choices, import: item } = draft;
  const type = item.record_type;
  const them = people(type, 2);
  const usual = usualOnMatch(type);
  return (
    <Section title="Who is imported">
      {type === 'advocate' && (
        <Choice
          draft={draft}
          label="Import as"
          value={choices.nominees ? 'nominees' : 'advocates'}
          patch={(value) => ({ nominees: value === 'nominees' || null })}
          options={[
            ['advocates', 'Advocates', 'They can be invited and join'],
            ['nominees', 'Nominees', 'They cannot join until somebody invites or upgrades them'],
          ]}
        />
      )}
      <Choice
        draft={draft}
        label={`People who are ${them} already`}
        value={choices.on_match ?? usual}
        patch={(value) => ({ on_match: value === usual ? null : value })}
        options={[
          ['merge', 'Bring them up to date', `${whatHappens(draft)}${whatAdds(draft)}`],
          [
            'skip',
            'Leave them as they are',
            `Their rows are skipped and say so${usual === 'skip' ? `; usual for ${them}` : ''}`,
          ],
        ]}
      />
      <Choice
        draft={draft}
        label="New people"
        value={choices.on_new ?? 'create'}
        patch={(value) => ({ on_new: value === 'create' ? null : value })}
        options={[
          ['create', 'Add them', ''],
          ['skip', 'Leave them out', 'Only people who are there already are brought up to date'],
        ]}
      />
    </Section>
  );
}

type ChoiceProps = {
  draft: Draft;
  label: string;
  description?: string;
  value: string | null;
  patch: (value: string) => Patch;
  options: [value: string, label: string, about: string][];
};

/** One of a few; shown as chosen while it is saved. */
export function Choice({ draft, label, description, value, patch, options }: ChoiceProps) {
  const change = useChange(draft.import.import);
  const [wish, setWish] = useState(value);
  const choose = (chosen: string) => {
    setWish(chosen);
    change.mutate(() => patch(chosen));
  };
  return (
    <Radio.Group
      label={label}
      description={description}
      value={change.isPending ? wish : value}
      onChange={choose}
      error={change.isError ? words(change.error).message : undefined}
    >
      <Stack gap="xs" mt="xs">
        {options.map(([key, title, about]) => (
          <Radio key={key} value={key} label={title} description={about} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
