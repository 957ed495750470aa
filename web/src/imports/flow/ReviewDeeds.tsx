import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowRight, IconDownload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Shapes } from '../../api/client';
import { Trouble } from '../../frame/Trouble';
import { Question } from '../../parts/dialogs';
import { useMay } from '../../session/queries';
import { useDeed } from '../deeds';
import type { Import } from '../queries';

/** What follows a review. */
export function ReviewDeeds({ item, plan }: { item: Import; plan: Shapes['Plan'] }) {
  const may = useMay();
  const deed = useDeed(item.import);
  const [isAsking, { open, close }] = useDisclosure(false);
  const isReady = item.status === 'ready';
  return (
    <>
      {may('export') && isReady && plan.counts.failed > 0 && (
        <Button
          component="a"
          href={`/api/v1/imports/${item.import}/files/errors`}
          download
          variant="subtle"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          Rows that need a look
        </Button>
      )}
      {may('import') && isReady && (
        <Button variant="default" onClick={open}>
          Dry run only
        </Button>
      )}
      {may('import') &&
        (isReady ? (
          <Button
            component={Link}
            to={`/imports/${item.import}/confirm`}
            rightSection={<IconArrowRight size={16} aria-hidden />}
          >
            Go on
          </Button>
        ) : (
          !item.problem && (
            <Button loading={deed.isPending} onClick={() => deed.mutate('check')}>
              Check again
            </Button>
          )
        ))}
      {deed.isError && !isAsking && <Trouble error={deed.error} />}
      <Question
        isOpen={isAsking}
        onClose={close}
        title="End here, as a dry run?"
        deed="Keep as a dry run"
        stay="Go on reviewing"
        onYes={() => deed.mutate('keep', { onSuccess: close })}
        isBusy={deed.isPending}
        error={deed.error}
      >
        Nobody is changed. The result stays in the history with its files, and this file can no longer be
        imported from here; to import it later, upload it again.
      </Question>
    </>
  );
}
