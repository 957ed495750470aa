// What everybody of the file is given: groups and tags.
import { Checkbox, type ComboboxParsedItem, MultiSelect, TagsInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { words } from '../../../frame/Trouble';
import { makeGroupUnlessThere } from '../../../groups/making';
import { useMay } from '../../../session/queries';
import { people } from '../../../words/recordTypes';
import { type Draft, useChange } from '../draft';
import { groupsQuery, tagsQuery } from '../queries';
import { Section } from './Section';

export function Together({ draft }: { draft: Draft }) {
  return (
    <Section title={`Everybody in this file`}>
      <Groups draft={draft} />
      <Tags draft={draft} />
    </Section>
  );
}

const NEW = '\u0000new';
const MOST_LETTERS = 255;

const isNew = (item: ComboboxParsedItem) => 'value' in item && item.value === NEW;
const same = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase();

/** What a list is now, with what was added to the one that was seen, and without what was taken from it. */
function changed(now: readonly string[] = [], seen: readonly string[], to: readonly string[]): string[] {
  const stays = now.filter((word) => to.includes(word) || !seen.includes(word));
  return [...stays, ...to.filter((word) => !seen.includes(word) && !stays.includes(word))];
}

function Groups({ draft }: { draft: Draft }) {
  const may = useMay();
  const chosen = draft.choices.groups ?? [];
  const known = useQuery(groupsQuery).data ?? [];
  const [search, setSearch] = useState('');
  const change = useChange(draft.import.import);
  const make = useMakeGroup();
  const names = [...new Set([...known, ...chosen])];
  const name = search.trim().slice(0, MOST_LETTERS);
  const mayMake = may('organise') && name !== '' && !names.some((group) => same(group, name));
  const choose = async (groups: string[]) => {
    const made = groups.includes(NEW) ? await make.mutateAsync(name).catch(() => undefined) : undefined;
    const all = [...groups.filter((group) => group !== NEW), ...(made ? [made] : [])];
    change.mutate(({ choices }) => ({ groups: changed(choices.groups, chosen, all) }));
  };
  const error = make.error ?? change.error;
  return (
    <MultiSelect
      label="Groups"
      description="They are put into these groups, besides those that a column names."
      placeholder={chosen.length === 0 ? 'None' : undefined}
      data={[
        ...names.map((group) => ({ value: group, label: group })),
        ...(mayMake ? [{ value: NEW, label: `Make the group “${name}”` }] : []),
      ]}
      filter={({ options, search }) =>
        options.filter(
          (item) =>
            isNew(item) ||
            ('label' in item && item.label.toLowerCase().includes(search.trim().toLowerCase())),
        )
      }
      value={chosen}
      onChange={(groups) => void choose(groups)}
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      selectFirstOptionOnChange
      hidePickedOptions
      nothingFoundMessage={
        may('organise')
          ? 'Type a name to make a group'
          : names.length === 0
            ? 'There are no groups yet'
            : 'No group of that name'
      }
      loading={change.isPending || make.isPending}
      error={error ? words(error).message : undefined}
    />
  );
}

function useMakeGroup() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: makeGroupUnlessThere,
    onSuccess: () => cache.invalidateQueries({ queryKey: ['groups'] }),
  });
}

/** What was left in the box may hold several. */
const apart = (tags: string[]) => [
  ...new Set(tags.flatMap((tag) => tag.split(',').map((word) => word.trim())).filter((word) => word !== '')),
];

function Tags({ draft }: { draft: Draft }) {
  const { choices, import: item } = draft;
  const known = useQuery(tagsQuery).data ?? [];
  const change = useChange(item.import);
  const tags = choices.tags ?? [];
  return (
    <>
      <TagsInput
        label="Tags"
        description="Any word; a new tag is made when it is used. Enter or a comma ends one."
        data={known}
        value={tags}
        onChange={(chosen) =>
          change.mutate((now) => ({ tags: changed(now.choices.tags, tags, apart(chosen)) }))
        }
        loading={change.isPending}
        error={change.isError ? words(change.error).message : undefined}
      />
      {tags.length > 0 && (
        <Checkbox
          label={`Tag ${people(item.record_type, 2)} who are there already and are skipped, too`}
          checked={choices.tag_duplicates ?? false}
          onChange={({ currentTarget: { checked } }) => change.mutate(() => ({ tag_duplicates: checked }))}
        />
      )}
    </>
  );
}
