import { Button, Center } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { Trouble } from '../frame/Trouble';

/** The way to the page behind, where there is one. */
export function More<T>({ list }: { list: UseInfiniteQueryResult<InfiniteData<T>> }) {
  if (list.isFetchNextPageError)
    return <Trouble error={list.error} again={() => void list.fetchNextPage()} />;
  if (!list.hasNextPage) return null;
  return (
    <Center>
      <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        Show more
      </Button>
    </Center>
  );
}
