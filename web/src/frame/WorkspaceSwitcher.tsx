import { Group, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconCheck, IconPlus, IconSelector } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Logo } from '../session/Door';
import { useSession } from '../session/queries';
import { useEnterWorkspace, workspacesQuery } from '../session/workspaces';
import classes from './Switcher.module.css';

/** The workspace one is in; a member of several goes to another here. */
export function WorkspaceSwitcher() {
  const { workspace, is_operator: isOperator } = useSession();
  const mine = useQuery(workspacesQuery);
  const go = useEnterWorkspace();
  const name = workspace?.name ?? 'No workspace';
  const others = mine.data?.items ?? [];
  if (others.length < 2 && !isOperator) {
    return (
      <Group className={classes.here} wrap="nowrap">
        <Name name={name} />
      </Group>
    );
  }
  return (
    <Menu width="target" position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={classes.here} data-button aria-label={`Workspace ${name}, change`}>
          <Name name={name} />
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {others.map(({ id, name }) => (
          <Menu.Item
            key={id}
            onClick={() => go.mutate(id)}
            disabled={id === workspace?.id}
            leftSection={id === workspace?.id ? <IconCheck size={14} aria-label="here" /> : undefined}
          >
            <span className="breaks">{name}</span>
          </Menu.Item>
        ))}
        {isOperator && (
          <>
            <Menu.Divider />
            <Menu.Item
              component={Link}
              to="/settings/workspaces"
              leftSection={<IconPlus size={14} aria-hidden />}
            >
              New workspace
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Name({ name }: { name: string }) {
  return (
    <>
      <Logo size={28} />
      <Text fw={650} className="cut" flex={1}>
        {name}
      </Text>
    </>
  );
}
