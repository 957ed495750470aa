import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { IconDeviceDesktop, IconDevices, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { answer, api } from '../api/client';
import { useSession } from '../session/queries';
import classes from './Switcher.module.css';

/** Who is signed in, how the app looks for them, and the way out. */
export function Me() {
  const { name, email, workspace } = useSession();
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/session')),
    onSettled: async () => {
      cache.clear();
      await navigate({ to: '/sign-in' });
    },
  });
  const looks = [
    { key: 'light', title: 'Light', icon: <IconSun size={16} aria-hidden /> },
    { key: 'dark', title: 'Dark', icon: <IconMoon size={16} aria-hidden /> },
    { key: 'auto', title: 'Like the system', icon: <IconDeviceDesktop size={16} aria-hidden /> },
  ] as const;
  return (
    <Menu width="target" position="top-start">
      <Menu.Target>
        <UnstyledButton className={classes.here} data-button>
          <Avatar size={28} radius="xl" color="initials" name={name} aria-hidden />
          <div className="cut">
            <Text size="sm" className="cut">
              {name}
            </Text>
            <Text size="xs" c="dimmed">
              {workspace?.role}
              <VisuallyHidden>, your account</VisuallyHidden>
            </Text>
          </div>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className="breaks">{email}</Menu.Label>
        <Menu.Item
          component={Link}
          to="/settings/sessions"
          leftSection={<IconDevices size={16} aria-hidden />}
        >
          Sessions and password
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Look</Menu.Label>
        {looks.map(({ key, title, icon }) => (
          <Menu.Item
            key={key}
            role="menuitemradio"
            aria-checked={colorScheme === key}
            leftSection={icon}
            fw={colorScheme === key ? 650 : undefined}
            onClick={() => setColorScheme(key)}
          >
            {title}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => leave.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
