// The frame around every page of somebody who is signed in: where one is, and where one can go.
import { ActionIcon, AppShell, Burger, Group, ScrollArea, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconAdjustments,
  IconFolders,
  IconHelpCircle,
  IconHistory,
  IconHome,
  IconListDetails,
  IconSpeakerphone,
  IconUpload,
  IconUserPlus,
  IconVideo,
} from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { Logo } from '../session/Door';
import { useMay } from '../session/queries';
import { SessionEnded } from '../session/SessionEnded';
import type { Plural } from '../words/recordTypes';
import { TYPES } from '../words/recordTypes';
import classes from './Frame.module.css';
import { Me } from './Me';
import { Reachability } from './Reachability';
import { WorkspaceSwitcher } from './WorkspaceSwitcher';

const ICONS: Record<Plural, ReactNode> = {
  creators: <IconVideo size={18} aria-hidden />,
  prospects: <IconUserPlus size={18} aria-hidden />,
  advocates: <IconSpeakerphone size={18} aria-hidden />,
};

export function Frame() {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const here = useRouterState({ select: (state) => state.location.pathname });
  const seen = useRef(here);
  useEffect(() => {
    if (seen.current === here) return;
    seen.current = here;
    close();
    // Readers of screens hear where they are now.
    document.getElementById('title')?.focus({ preventScroll: true });
  }, [here, close]);
  return (
    <AppShell
      layout="alt"
      header={{ height: { base: 56, sm: 0 } }}
      navbar={{ width: 252, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a href="#title" className={classes.skip}>
        Skip to the page
      </a>
      <AppShell.Header hiddenFrom="sm" px="md" bg="var(--card)">
        <Group h="100%" gap="sm">
          <Burger opened={isOpen} onClick={toggle} size="sm" aria-label="Menu" aria-expanded={isOpen} />
          <Logo size={26} />
          <Text fw={700}>Convoke</Text>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} p="sm">
        <Group justify="space-between" hiddenFrom="sm" mb="xs">
          <Text fw={700} pl="sm">
            Convoke
          </Text>
          <Burger opened onClick={close} size="sm" aria-label="Close the menu" />
        </Group>
        <WorkspaceSwitcher />
        <ScrollArea flex={1} mt="xs" type="scroll" component="nav" aria-label="Main">
          <Sections />
        </ScrollArea>
        <Me />
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
      <Reachability />
      <SessionEnded />
    </AppShell>
  );
}

function Sections() {
  const may = useMay();
  return (
    <>
      <Place to="/" icon={<IconHome size={18} aria-hidden />} isExact>
        Home
      </Place>
      <div className={classes.section}>People</div>
      {TYPES.map(({ plural, title }) => (
        <Place
          key={plural}
          to={`/${plural}`}
          icon={ICONS[plural]}
          beside={
            may('import') && (
              <Tooltip label={`Import ${plural}`} position="right">
                <ActionIcon
                  component={Link}
                  to={`/imports/new/${plural}`}
                  className={classes.beside}
                  variant="subtle"
                  color="gray"
                  aria-label={`Import ${plural}`}
                >
                  <IconUpload size={16} aria-hidden />
                </ActionIcon>
              </Tooltip>
            )
          }
        >
          {title}
        </Place>
      ))}
      <div className={classes.section}>Work</div>
      <Place to="/imports" icon={<IconHistory size={18} aria-hidden />}>
        Imports
      </Place>
      <Place to="/groups" icon={<IconFolders size={18} aria-hidden />}>
        Groups and tags
      </Place>
      <Place to="/fields" icon={<IconListDetails size={18} aria-hidden />}>
        Custom fields
      </Place>
      <div className={classes.section}>More</div>
      <Place to="/settings" icon={<IconAdjustments size={18} aria-hidden />}>
        Settings
      </Place>
      <Place to="/help" icon={<IconHelpCircle size={18} aria-hidden />}>
        Help
      </Place>
    </>
  );
}

type PlaceProps = { to: string; icon: ReactNode; isExact?: boolean; beside?: ReactNode; children: ReactNode };

function Place({ to, icon, isExact, beside, children }: PlaceProps) {
  return (
    <div className={classes.row}>
      <Link
        to={to}
        className={classes.link}
        activeOptions={{ exact: isExact ?? false, includeSearch: false }}
      >
        {icon}
        {children}
      </Link>
      {beside}
    </div>
  );
}
