// What follows a review: beside its title the rarer deeds, at the bottom the way on.
import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowRight, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Shapes } from '../../api/client';
import { Trouble } from '../../frame/Trouble';
import { Question } from '../../parts/dialogs';
import { useMay } from '../../session/queries';
import { many } from '../../words/format';
import { pluralOf } from '../../words/recordTypes';
import { useDeed } from '../deeds';
import { type Import, preparedQuery } from '../queries';
import { doesAnything } from '../summary';
import { Footer } from './Footer';

type Props = { item: Import; plan: Shapes['Plan'] };

export function ReviewDeeds({ item, plan }: Props) {
  const may = useMay();
  const deed = useDeed(item.import);
  const [isAsking, { open, close }] = useDisclosure(false);
  if (item.status !== 'ready') return null;
  return (
    <>
      {may('export') && plan.counts.failed > 0 && (
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
      {may('import') && (
        <Button variant="default" onClick={open}>
          Dry run only
        </Button>
      )}
      <Question
        isOpen={isAsking}
        onClose={close}
        title="End here, as a dry run?"
        deed="Keep as a dry run"
        isHarmless
        stay="Go on reviewing"
        onYes={() => deed.mutate('keep', { onSuccess: close })}
        isBusy={deed.isPending}
        error={deed.error}
      >
        Nobody is changed. The result stays in the history with its files for as long as dry runs are kept,
        and the list can be imported from there, after a new check.
      </Question>
    </>
  );
}

/** Why there is no way on, and what else there is. */
const nothing = (failed: number) =>
  failed > 0
    ? `There is nothing to import yet: ${many(failed, 'row needs', 'rows need')} a look. Correct ${failed === 1 ? 'it' : 'them'} above, or go back and change the options.`
    : 'There is nothing to import: nobody would be added or changed. Go back to change the options, or take another file.';

/** The way on, once what is shown is what would happen. */
export function ReviewFooter({ item, plan }: Props) {
  const may = useMay();
  const deed = useDeed(item.import);
  const draft = useQuery(preparedQuery(item.import)).data;
  const isReady = item.status === 'ready';
  const { failed } = plan.counts;
  const isIdle = isReady && draft !== undefined && !doesAnything(plan, draft);
  if (!may('import') || (!isReady && item.problem)) return null;
  return (
    <Footer
      isShort={isReady && !isIdle && !deed.isError}
      back={
        <Button variant="default" component={Link} to={`/imports/${item.import}/options`}>
          Back
        </Button>
      }
      next={
        isIdle ? (
          <Button component={Link} to={`/imports/new/${pluralOf(item.record_type)}`} variant="default">
            Other file
          </Button>
        ) : isReady ? (
          <Button
            component={Link}
            to={`/imports/${item.import}/confirm`}
            rightSection={<IconArrowRight size={16} aria-hidden />}
          >
            Go on
          </Button>
        ) : (
          <Button loading={deed.isPending} onClick={() => deed.mutate('check')}>
            Check again
          </Button>
        )
      }
    >
      {deed.isError && <Trouble error={deed.error} />}
      <Text size="sm">
        {isIdle
          ? nothing(failed)
          : !isReady
            ? 'Something was changed since this check. Check again to see the whole file anew, and to go on.'
            : failed > 0
              ? `${many(failed, 'row needs', 'rows need')} a look: left out unless you correct ${failed === 1 ? 'it' : 'them'}, now or after the import.`
              : 'Nothing happens before you confirm it on the next page.'}
      </Text>
    </Footer>
  );
}
