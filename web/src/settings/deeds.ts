// Entries of the audit log as the second half of a sentence.
import { many } from '../words/format';
import type { AuditEntry } from './queries';
import { roleTitle } from './roles';

type NameOf = (id: string | null) => string | undefined;

type Told = { detail: Record<string, unknown>; object: string | null; nameOf: NameOf };

const days = (value: unknown) =>
  typeof value === 'number' ? `removed after ${many(value, 'day')}` : 'kept for good';

const role = (value: unknown) => roleTitle(String(value ?? ''));

const whom = ({ object, nameOf }: Told) => nameOf(object) ?? 'somebody who is no member any more';

/** By its file, if the entry names it. */
const anImport = ({ detail }: Told) => (detail.file ? `the import of ${detail.file}` : 'an import');

const renamed = ({ detail }: Told) =>
  detail.from === detail.to ? String(detail.to) : `${detail.from} to ${detail.to}`;

const DEEDS: Record<string, (told: Told) => string> = {
  signed_in: () => 'signed in',
  sign_in_failed: (told) => `failed to sign in as ${whom(told)}`,
  signed_out: () => 'signed out',
  session_ended: () => 'ended a session',
  password_changed: () => 'changed the password',
  workspace_opened: () => 'came from another workspace to this one',
  workspace_made: ({ detail }) => `made the workspace ${detail.name}`,
  workspace_renamed: ({ detail }) => `renamed the workspace from ${detail.from} to ${detail.to}`,
  default_sender_chosen: (told) =>
    told.object ? `made ${whom(told)} the default sender` : 'removed the default sender',
  retention_changed: ({ detail }) =>
    `changed what becomes of files: before ${days(detail.from)}, now ${days(detail.to)}`,
  member_invited: ({ detail }) => `invited ${detail.email} as ${role(detail.role)}`,
  invitation_revoked: () => 'revoked an invitation',
  member_joined: ({ detail }) => `joined as ${role(detail.role)}`,
  role_changed: (told) =>
    `changed the role of ${whom(told)} from ${role(told.detail.from)} to ${role(told.detail.to)}`,
  member_removed: ({ detail, nameOf }) =>
    `removed ${detail.email}; ${nameOf(String(detail.heir)) ?? 'another member'} took over`,
  token_made: ({ detail }) => `made the token ${detail.name}`,
  token_revoked: () => 'revoked a token',
  import_uploaded: ({ detail }) =>
    `uploaded ${detail.file}${detail.kind === 'dry_run' ? ' for a dry run' : ''}`,
  import_confirmed: (told) => `confirmed ${anImport(told)}`,
  import_paused: (told) => `paused ${anImport(told)}`,
  import_resumed: (told) => `resumed ${anImport(told)}`,
  import_cancelled: (told) => `cancelled ${anImport(told)}`,
  file_downloaded: ({ detail }) => `downloaded a file of an import (${detail.file})`,
  audit_exported: () => 'exported the audit log',
  people_exported: ({ detail }) => `exported ${detail.narrowed ? 'some of the' : 'all'} ${detail.as}`,
  group_made: ({ detail }) => `made the group ${detail.name}`,
  group_changed: (told) => `changed the group ${renamed(told)}`,
  group_deleted: ({ detail }) => `deleted the group ${detail.name}`,
  tag_made: ({ detail }) => `made the tag ${detail.name}`,
  tag_renamed: (told) => `renamed the tag ${renamed(told)}`,
  tag_deleted: ({ detail }) => `deleted the tag ${detail.name}`,
  field_made: ({ detail }) => `made the custom field ${detail.name} of ${detail.as}`,
  field_changed: (told) => `changed the custom field ${renamed(told)} of ${told.detail.as}`,
  field_deleted: ({ detail }) => `deleted the custom field ${detail.name} of ${detail.as}`,
  mapping_saved: ({ detail }) => `saved the mapping ${detail.name} of ${detail.as}`,
  mapping_changed: ({ detail }) => `changed the mapping ${detail.name} of ${detail.as}`,
  mapping_deleted: ({ detail }) => `deleted the mapping ${detail.name} of ${detail.as}`,
};

export function sentence({ action, detail, object }: AuditEntry, nameOf: NameOf): string {
  const told = { detail: detail as Record<string, unknown>, object, nameOf };
  return DEEDS[action]?.(told) ?? action.replaceAll('_', ' ');
}
