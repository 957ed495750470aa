import { Box, Loader, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { isServerReachable, onReachability } from '../api/reachability';
import classes from './Frame.module.css';

/** Says so while the server does not answer; pages go on by themselves when it does. */
export function Reachability() {
  const isReachable = useSyncExternalStore(onReachability, isServerReachable);
  return (
    <div role="status" aria-live="polite">
      {!isReachable && (
        <Box className={classes.banner}>
          <Loader size="xs" color="currentColor" aria-hidden />
          <Text size="sm">
            Convoke does not answer at the moment. This page goes on by itself as soon as it is back.
          </Text>
        </Box>
      )}
    </div>
  );
}
