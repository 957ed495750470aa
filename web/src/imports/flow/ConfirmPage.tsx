// The last look before anything happens: where, what, and the button, once.
import { Button, Group, Radio, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Refusal, type Shapes } from '../../api/client';
import { Card } from '../../frame/Card';
import { Page } from '../../frame/Page';
import { Trouble } from '../../frame/Trouble';
import { useMay, useSession } from '../../session/queries';
import { many } from '../../words/format';
import { people } from '../../words/recordTypes';
import { useConfirmation } from '../deeds';
import { useImportAt } from '../live';
import { Picture } from '../Picture';
import { type Import, preparedQuery } from '../queries';
import { planQuery } from '../rows/queries';
import { consequence, doesAnything } from '../summary';
import type { Draft } from './draft';
import { Summary } from './Summary';

export default function ConfirmPage() {
  const { id } = useParams({ from: '/member/flow/imports/$id/confirm' });
  const { item, query } = useImportAt(id, 'confirm');
  const plan = useQuery({ ...planQuery(id), enabled: item?.status === 'ready' });
  const draft = useQuery(preparedQuery(id));
  const asked = [query, plan, draft];
  const failed = asked.find(({ isError, data }) => isError && !data);
  return (
    <Page title="Confirm" about={item?.file} help="review#confirm">
      {failed && <Trouble error={failed.error} again={() => void failed.refetch()} />}
      {item && plan.data && draft.data ? (
        <Confirm item={item} plan={plan.data} draft={draft.data} />
      ) : (
        !failed && <Skeleton h={320} radius="lg" />
      )}
    </Page>
  );
}

type Props = { item: Import; plan: Shapes['Plan']; draft: Draft };

function Confirm({ item, plan, draft }: Props) {
  const { workspace } = useSession();
  const may = useMay();
  const name = workspace?.name ?? '';
  const [onDrift, setOnDrift] = useState('name');
  return (
    <Stack gap="lg">
      <Card>
        <Text c="dimmed" size="sm">
          This import goes into
        </Text>
        <Title order={2} fz={{ base: '2rem', sm: '3rem' }} lh={1.15} className="breaks" mb="md">
          {name}
        </Title>
        <Text size="lg" mb="lg" className="breaks">
          {consequence(plan.counts, item.record_type, name)}
        </Text>
        <Picture counts={plan.counts} isPlan />
      </Card>
      <Card>
        <Title order={2} mb="sm">
          How
        </Title>
        <Summary draft={draft} />
      </Card>
      {may('import') && doesAnything(plan, draft) && (
        <Card>
          <Radio.Group
            label="If people change between this check and the import"
            description="It happens when colleagues work at the same time. Rows that end otherwise than shown are always named in the report."
            value={onDrift}
            onChange={setOnDrift}
          >
            <Stack gap="xs" mt="sm">
              <Radio value="name" label="Go on, and name those rows in the report" />
              <Radio value="pause" label="Pause before those rows, and let me decide" />
            </Stack>
          </Radio.Group>
        </Card>
      )}
      <Start item={item} plan={plan} onDrift={onDrift} hasAny={doesAnything(plan, draft)} />
    </Stack>
  );
}

type StartProps = Omit<Props, 'draft'> & { onDrift: string; hasAny: boolean };

function Start({ item, plan, onDrift, hasAny }: StartProps) {
  const may = useMay();
  const navigate = useNavigate();
  const confirmation = useConfirmation(item.import);
  const concerned = plan.counts.created + plan.counts.updated;
  const start = async () => {
    try {
      await confirmation.mutateAsync({ plan: plan.plan ?? '', on_drift: onDrift });
      await navigate({ href: `/imports/${item.import}/progress`, replace: true });
    } catch (error) {
      // It is checked again already; the review says why.
      if (error instanceof Refusal && error.code === 'plan_stale')
        await navigate({ href: `/imports/${item.import}/review?again=true`, replace: true });
    }
  };
  return (
    <Stack gap="sm">
      {confirmation.isError && <Trouble error={confirmation.error} />}
      <Group justify="space-between">
        <Button
          component={Link}
          to={`/imports/${item.import}/review`}
          variant="default"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
        >
          Back to the review
        </Button>
        {!hasAny ? (
          <Text fw={600}>There is nothing to import: nobody would be added or changed.</Text>
        ) : may('import') ? (
          <Button
            size="md"
            loading={confirmation.isPending || confirmation.isSuccess}
            onClick={() => void start()}
          >
            {concerned > 0
              ? `Import ${many(concerned, people(item.record_type, 1), people(item.record_type, 2))}`
              : 'Tag people who are there'}
          </Button>
        ) : (
          <Text c="dimmed">You may look at this, and a manager may start it.</Text>
        )}
      </Group>
    </Stack>
  );
}
