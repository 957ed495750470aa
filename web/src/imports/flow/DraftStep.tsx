// A step that prepares a draft: loads it, and leads on when there is nothing to prepare any more.
import { Alert, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Page } from '../../frame/Page';
import { Trouble } from '../../frame/Trouble';
import { useMay } from '../../session/queries';
import { many } from '../../words/format';
import { people } from '../../words/recordTypes';
import { type Draft, draftQuery } from './draft';

type Props = { title: string; help: string; children: (draft: Draft) => ReactNode };

export function DraftStep({ title, help, children }: Props) {
  const { id } = useParams({ strict: false });
  const draft = useQuery(draftQuery(id ?? ''));
  const may = useMay();
  if (draft.data) {
    const { status, file, record_type } = draft.data.import;
    if (status !== 'draft' && status !== 'ready')
      return <Navigate to="/imports/$id" params={{ id: id ?? '' }} replace />;
    const about = (
      <span className="breaks">
        <bdi>{file}</bdi>, {many(draft.data.source.rows, 'row')} of {people(record_type, 2)}.
      </span>
    );
    return (
      <Page title={title} about={about} help={help}>
        {may('import') ? (
          children(draft.data)
        ) : (
          <Alert title="You can look at imports here, but not prepare one">
            Ask an owner of this workspace to make you a manager.
          </Alert>
        )}
      </Page>
    );
  }
  return (
    <Page title={title}>
      {draft.isError ? (
        <Trouble error={draft.error} again={() => void draft.refetch()} />
      ) : (
        <Stack gap="xs" aria-busy>
          {[1, 2, 3, 4].map((line) => (
            <Skeleton key={line} h={72} radius="md" />
          ))}
        </Stack>
      )}
    </Page>
  );
}
