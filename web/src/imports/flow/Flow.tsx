// The room of one import: its steps on top, one step below. Each step has an address, so it survives a reload and can be
// left and found again in the history.
import { ActionIcon, Box, Group, Text, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Link, Outlet } from '@tanstack/react-router';
import { Reachability } from '../../frame/Reachability';
import { Logo } from '../../session/Door';
import { useSession } from '../../session/queries';
import { SessionEnded } from '../../session/SessionEnded';
import classes from './Flow.module.css';
import { Steps } from './Steps';

export function Flow() {
  const { workspace } = useSession();
  return (
    <div className={classes.flow}>
      <header className={classes.header}>
        <Group gap="sm" wrap="nowrap" miw={0}>
          <Logo size={28} />
          <Text fw={650} className="cut" visibleFrom="md" maw={220}>
            {workspace?.name}
          </Text>
        </Group>
        <Steps />
        <Tooltip label="Leave; you find this import again under Imports">
          <ActionIcon
            component={Link}
            to="/imports"
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Leave this import"
          >
            <IconX size={20} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </header>
      <Box component="main" className={classes.main}>
        <Outlet />
      </Box>
      <Reachability />
      <SessionEnded />
    </div>
  );
}
