// What the check foretells: looked at, put right, and then confirmed or kept as a dry run.
import { Alert, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { cache } from '../../api/cache';
import { Refusal, type Shapes } from '../../api/client';
import { Card } from '../../frame/Card';
import { Page } from '../../frame/Page';
import { Trouble } from '../../frame/Trouble';
import { useMay } from '../../session/queries';
import { useImportAt } from '../live';
import { Picture } from '../Picture';
import type { Import } from '../queries';
import { planQuery } from '../rows/queries';
import { RowsView } from '../rows/RowsView';
import { useCorrections } from '../rows/useCorrections';
import { inWords } from '../summary';
import { Checking } from './Checking';
import { ReviewDeeds, ReviewFooter } from './ReviewDeeds';
import { Unchecked } from './Unchecked';
import { UnknownGroups } from './UnknownGroups';

export default function ReviewPage() {
  const { id } = useParams({ from: '/member/flow/imports/$id/review' });
  const { query, item, changes } = useImportAt(id, 'review');
  const isChecked = item?.status === 'ready' || item?.status === 'draft';
  const plan = useQuery({ ...planQuery(id), enabled: isChecked });
  // Whatever changes the import may change its plan: a correction of somebody else, a new check.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is asked at each change
  useEffect(() => {
    if (isChecked) void cache.invalidateQueries({ queryKey: planQuery(id).queryKey });
  }, [id, isChecked, item?.plan, changes]);

  const shown =
    plan.isError && plan.error instanceof Refusal && plan.error.status === 409 ? undefined : plan.data;
  return (
    <Page
      title="Review"
      about={item && `${item.file}: see what will happen before anything does.`}
      help="review"
      isWide
      actions={isChecked && shown && <ReviewDeeds item={item} plan={shown} />}
    >
      {query.isError && !item && <Trouble error={query.error} again={() => void query.refetch()} />}
      {item?.status === 'checking' && <Checking item={item} />}
      {isChecked && !shown && plan.isError && <Unchecked item={item} error={plan.error} />}
      {isChecked && shown && <Reviewed item={item} plan={shown} changes={changes} />}
      {((!item && !query.isError) || (isChecked && !shown && plan.isPending)) && (
        <Skeleton h={240} radius="lg" />
      )}
    </Page>
  );
}

type Props = { item: Import; plan: Shapes['Plan']; changes: number };

function Reviewed({ item, plan, changes }: Props) {
  const may = useMay();
  const { again } = useSearch({ from: '/member/flow/imports/$id/review' });
  const corrections = useCorrections(item.import);
  return (
    <>
      {again && !plan.is_stale && (
        <Alert color="blue" title="This was checked again" role="status">
          Nothing was imported yet: something in the workspace changed since the last check. This is what
          would happen as of now.
        </Alert>
      )}
      {item.problem && <Unchecked item={item} />}
      <Card>
        <Text size="lg" fw={600} mb="sm" role="status">
          {inWords(plan.counts, plan.issues)}
        </Text>
        <Picture counts={plan.counts} isPlan />
      </Card>
      {plan.unknown_groups.length > 0 && (
        <UnknownGroups groups={plan.unknown_groups} item={item} corrections={corrections} />
      )}
      <RowsView
        id={item.import}
        counts={plan.counts}
        issues={plan.issues}
        isPlan
        corrections={may('import') ? corrections : undefined}
        changes={changes}
      />
      <ReviewFooter item={item} plan={plan} />
    </>
  );
}
