import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Card } from '../../frame/Card';
import { Question } from '../../parts/dialogs';
import { useMay } from '../../session/queries';
import { count } from '../../words/format';
import { useDeed } from '../deeds';
import { percentDone, processed } from '../outcomes';
import type { Import } from '../queries';

/** While every row is planned. */
export function Checking({ item }: { item: Import }) {
  const may = useMay();
  const deed = useDeed(item.import);
  const [isAsking, { open, close }] = useDisclosure(false);
  const { total } = item.counts;
  const done = processed(item.counts);
  const share = percentDone(item.counts);
  return (
    <Card>
      <Stack gap="sm">
        <Text fw={600}>Every row is checked. Nobody is changed by that.</Text>
        <Progress
          value={done > 0 ? share : 100}
          animated={done === 0}
          size="lg"
          aria-label={done > 0 ? `${Math.round(share)} % checked` : 'Checking'}
        />
        <Group justify="space-between">
          <Text size="sm" c="dimmed" className="numbers">
            {done > 0 ? `${count(done)} of ${count(total)} rows` : 'Reading the file'}. You may leave this
            page; the check goes on.
          </Text>
          {may('import') && (
            <Button variant="default" size="sm" onClick={open}>
              Cancel the check
            </Button>
          )}
        </Group>
      </Stack>
      <Question
        isOpen={isAsking}
        onClose={close}
        title="Cancel this check?"
        deed="Cancel it"
        stay="Go on checking"
        onYes={() => deed.mutate('cancel', { onSuccess: close })}
        isBusy={deed.isPending}
        error={deed.error}
      >
        Nobody was changed. This import ends here; to go on with the file, upload it again.
      </Question>
    </Card>
  );
}
