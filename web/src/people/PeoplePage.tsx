// The people of a record type: a list that is searched and narrowed; the address keeps how.
import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconDownload, IconUpload } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useLocation, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Page } from '../frame/Page';
import { Trouble } from '../frame/Trouble';
import { LinesToCome } from '../parts/Lines';
import { More } from '../parts/More';
import { useMay } from '../session/queries';
import { isPlural, type Plural, TYPES } from '../words/recordTypes';
import { Filters } from './Filters';
import { NobodyFound, NobodyYet } from './Nobody';
import { PeopleLines } from './PeopleLines';
import { type PeopleFilter, peopleQuery } from './queries';

export default function PeoplePage(): ReactNode {
  const { pathname } = useLocation();
  const word = pathname.split('/')[1] ?? '';
  // What is typed and chosen in one list is nothing to the next.
  return isPlural(word) ? <PeopleOf key={word} plural={word} /> : null;
}

function PeopleOf({ plural }: { plural: Plural }) {
  const filter: PeopleFilter = useSearch({ strict: false });
  const list = useInfiniteQuery({ ...peopleQuery(plural, filter), placeholderData: keepPreviousData });
  const items = list.data?.pages.flatMap(({ items }) => items);
  const isNarrowed = Object.values(filter).some(Boolean);
  const title = TYPES.find((type) => type.plural === plural)?.title ?? '';
  return (
    <Page
      title={title}
      about={TYPES.find((type) => type.plural === plural)?.about}
      help="people"
      actions={<Deeds plural={plural} filter={filter} hasPeople={(items?.length ?? 0) > 0} />}
    >
      {list.isError && !items && <Trouble error={list.error} again={() => void list.refetch()} />}
      {items?.length === 0 && !isNarrowed && <NobodyYet plural={plural} />}
      {(isNarrowed || (items?.length ?? 0) > 0) && (
        <Filters plural={plural} filter={filter} shown={items?.length} isAll={!list.hasNextPage} />
      )}
      {list.isPending && <LinesToCome count={6} />}
      {items?.length === 0 && isNarrowed && <NobodyFound plural={plural} filter={filter} />}
      {items && items.length > 0 && <PeopleLines plural={plural} items={items} />}
      <More list={list} />
    </Page>
  );
}

type DeedsProps = { plural: Plural; filter: PeopleFilter; hasPeople: boolean };

function Deeds({ plural, filter, hasPeople }: DeedsProps) {
  const may = useMay();
  const place = (format: string) =>
    `/api/v1/people/export?${new URLSearchParams({ as: plural, format, ...filter })}`;
  const isNarrowed = Object.values(filter).some(Boolean);
  return (
    <>
      {may('export') && hasPeople && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              rightSection={<IconChevronDown size={14} aria-hidden />}
            >
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{isNarrowed ? `All ${plural} who fit` : `All ${plural}`}</Menu.Label>
            <Menu.Item component="a" href={place('csv')} download>
              CSV, for a spreadsheet
            </Menu.Item>
            <Menu.Item component="a" href={place('ndjson')} download>
              NDJSON, for programs
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {may('import') && (
        <Button
          component={Link}
          to={`/imports/new/${plural}`}
          leftSection={<IconUpload size={16} aria-hidden />}
        >
          Import {plural}
        </Button>
      )}
    </>
  );
}
