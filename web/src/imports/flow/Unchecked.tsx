// A draft that was not checked yet, or cannot be: why, and where that is put right.
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Refusal } from '../../api/client';
import { Empty } from '../../frame/Card';
import { Trouble } from '../../frame/Trouble';
import { useMay } from '../../session/queries';
import { hintOf } from '../../words/hints';
import { useDeed } from '../deeds';
import { type Import, preparedQuery } from '../queries';

export function Unchecked({ item, error }: { item: Import; error?: unknown }) {
  const draft = useQuery(preparedQuery(item.import));
  const may = useMay();
  const deed = useDeed(item.import);
  const problem = item.problem ?? draft.data?.problem;
  const check = may('import') && (
    <Button loading={deed.isPending} onClick={() => deed.mutate('check')}>
      Check the file
    </Button>
  );
  if (error !== undefined && !(error instanceof Refusal && error.status === 409))
    return <Trouble error={error} />;
  if (problem) {
    return (
      <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden />} title={problem.message}>
        <Text size="sm" mb="sm" className="breaks">
          {hintOf(problem)}
        </Text>
        {deed.isError && <Trouble error={deed.error} />}
        <Group gap="sm">
          <Way to="columns" id={item.import} />
          <Way to="options" id={item.import} />
          {check}
        </Group>
      </Alert>
    );
  }
  return (
    <Empty icon={null} title="This file was not checked yet">
      <Text c="dimmed">The check shows what every row will do, and changes nobody.</Text>
      {deed.isError && <Trouble error={deed.error} />}
      {check}
    </Empty>
  );
}

const TITLE = { columns: 'Go to columns', options: 'Go to options' } as const;

function Way({ to, id }: { to: keyof typeof TITLE; id: string }) {
  return (
    <Button component={Link} to={`/imports/${id}/${to}`} variant="default" size="sm">
      {TITLE[to]}
    </Button>
  );
}
