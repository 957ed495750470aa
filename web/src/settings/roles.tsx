// Roles in the words of whoever gives them.
import { Radio, Stack } from '@mantine/core';

export const ROLES: { role: string; title: string; about: string }[] = [
  { role: 'viewer', title: 'Viewer', about: 'Sees imports, reports, people and groups' },
  {
    role: 'manager',
    title: 'Manager',
    about: 'Also imports and exports, and looks after groups, tags and mappings',
  },
  {
    role: 'admin',
    title: 'Admin',
    about: 'Also defines custom fields, makes tokens and reads the audit log',
  },
  { role: 'owner', title: 'Owner', about: 'Also invites and removes members, and sets the workspace' },
];

export const roleTitle = (role: string) => ROLES.find((one) => one.role === role)?.title ?? role;

export function RoleChoice({ chosen }: { chosen: string }) {
  return (
    <Radio.Group name="role" label="Role" defaultValue={chosen}>
      <Stack gap="sm" mt="xs">
        {ROLES.map(({ role, title, about }) => (
          <Radio key={role} value={role} label={title} description={about} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
