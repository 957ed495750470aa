// Settings: the pages that the member may see, each at its address.
import { Outlet } from '@tanstack/react-router';
import { Tabs } from '../parts/Tabs';
import { type Permission, useMay, useSession } from '../session/queries';
import classes from './Settings.module.css';

const PLACES: { to: string; title: string; needs?: Permission }[] = [
  { to: '/settings/workspace', title: 'Workspace' },
  { to: '/settings/members', title: 'Members' },
  { to: '/settings/tokens', title: 'Tokens', needs: 'manage_tokens' },
  { to: '/settings/mappings', title: 'Mappings' },
  { to: '/settings/audit', title: 'Audit log', needs: 'read_audit' },
  { to: '/settings/sessions', title: 'Sessions and password' },
];

export default function SettingsPage() {
  const may = useMay();
  const { is_operator: isOperator } = useSession();
  const places = PLACES.filter(({ needs }) => !needs || may(needs));
  if (isOperator) places.push({ to: '/settings/workspaces', title: 'All workspaces' });
  return (
    <div className={classes.settings}>
      <Tabs label="Settings" places={places} />
      <Outlet />
    </div>
  );
}
