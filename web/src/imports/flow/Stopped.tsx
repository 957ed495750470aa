import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPause } from '@tabler/icons-react';
import { hintOf } from '../../words/hints';
import type { Import } from '../queries';

/** Why an import was paused, refused or failed, and what to do about it. */
export function Stopped({ item }: { item: Import }) {
  if (item.problem) {
    return (
      <Alert
        role="alert"
        color={item.status === 'paused' ? 'orange' : 'red'}
        icon={<IconAlertTriangle aria-hidden />}
        title={<span className="breaks">{item.problem.message}</span>}
      >
        <Text size="sm" className="breaks">
          {hintOf(item.problem)}
        </Text>
      </Alert>
    );
  }
  if (item.status !== 'paused') return null;
  return (
    <Alert color="blue" icon={<IconPlayerPause aria-hidden />} title="Somebody paused this import">
      What was imported stays. Resume goes on where it was.
    </Alert>
  );
}
