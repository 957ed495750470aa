// Tokens: how programs use the API in place of a person.
import { Badge, Button, Checkbox, NativeSelect, Stack, Text } from '@mantine/core';
import { IconKey, IconKeyOff, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answer, api, type Shapes } from '../api/client';
import { Empty } from '../frame/Card';
import { Page } from '../frame/Page';
import { Trouble } from '../frame/Trouble';
import { FormDialog, Question } from '../parts/dialogs';
import { TextField } from '../parts/fields';
import { IconDeed } from '../parts/IconDeed';
import { type Column, Lines, LinesToCome } from '../parts/Lines';
import { Once } from '../parts/Once';
import { otherwiseWrong, said, wrongWith } from '../parts/said';
import { useMay } from '../session/queries';
import { onDay } from '../words/format';
import { NotAllowed } from './NotAllowed';
import { type Token, tokensQuery } from './queries';

const SCOPES: { scope: string; title: string; about: string; isUsual?: boolean }[] = [
  { scope: 'read', title: 'Read', about: 'See imports, reports, people, groups and fields', isUsual: true },
  {
    scope: 'import',
    title: 'Import',
    about: 'Check and import files; pause, resume and cancel',
    isUsual: true,
  },
  { scope: 'export', title: 'Export', about: 'Download files of imports and lists of people', isUsual: true },
  { scope: 'organise', title: 'Organise', about: 'Make and remove groups, tags and saved mappings' },
  { scope: 'fields', title: 'Fields', about: 'Define custom fields' },
  { scope: 'audit', title: 'Audit', about: 'Read and export the audit log' },
];

const ENDS: { days: string; title: string }[] = [
  { days: '30', title: 'After 30 days' },
  { days: '90', title: 'After 90 days' },
  { days: '365', title: 'After a year' },
  { days: '', title: 'Never' },
];

const hasEnded = ({ expires_at: at }: Token) => at !== null && new Date(at).getTime() < Date.now();

function standing(token: Token): ReactNode {
  if (token.revoked_at) return `Revoked ${onDay(token.revoked_at)}`;
  if (hasEnded(token)) return 'It has ended';
  return (
    <Badge variant="default" tt="none" fw={500}>
      Active
    </Badge>
  );
}

const COLUMNS: [Column<Token>, ...Column<Token>[]] = [
  { title: 'Token', cell: ({ name }) => name },
  {
    title: 'May',
    cell: ({ scopes }) =>
      scopes.map((scope) => SCOPES.find((one) => one.scope === scope)?.title ?? scope).join(', '),
  },
  {
    title: 'Made',
    cell: ({ created_at, created_by }) => `${onDay(created_at)} by ${created_by}`,
  },
  { title: 'Ends', cell: ({ expires_at }) => (expires_at ? onDay(expires_at) : 'Never'), width: '8rem' },
  { title: 'Status', cell: standing, width: '10rem' },
];

export default function TokensPage() {
  const may = useMay();
  if (!may('manage_tokens')) return <NotAllowed title="Tokens" who="Admins and owners look after tokens." />;
  return <Tokens />;
}

function Tokens() {
  const tokens = useQuery(tokensQuery);
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<Token>();
  const make = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
      New token
    </Button>
  );
  return (
    <Page
      title="Tokens"
      about="A token lets a program import and read in place of a person."
      help="settings#tokens"
      actions={make}
    >
      {tokens.isError && !tokens.data && <Trouble error={tokens.error} again={() => void tokens.refetch()} />}
      {tokens.isPending && <LinesToCome />}
      {tokens.data?.length === 0 && (
        <Empty icon={<IconKey size={40} stroke={1.2} aria-hidden />} title="No tokens yet">
          A nightly import from a CRM, or a script of your own, signs in with one. It may do what you say, and
          no more.
        </Empty>
      )}
      {tokens.data && tokens.data.length > 0 && (
        <Lines
          label="Tokens"
          items={tokens.data}
          keyOf={({ id }) => id}
          columns={COLUMNS}
          deeds={(token) =>
            !token.revoked_at && (
              <IconDeed
                label={`Revoke ${token.name}`}
                icon={<IconKeyOff size={18} aria-hidden />}
                onClick={() => setRevoked(token)}
              />
            )
          }
        />
      )}
      {isMaking && <MakeToken onClose={() => setMaking(false)} />}
      {revoked && <Revoke token={revoked} onClose={() => setRevoked(undefined)} />}
    </Page>
  );
}

const TOLD = ['name_taken', 'usage'];

function MakeToken({ onClose }: { onClose: () => void }) {
  const cache = useQueryClient();
  const [scopes, setScopes] = useState(() =>
    SCOPES.filter(({ isUsual }) => isUsual).map(({ scope }) => scope),
  );
  const make = useMutation({
    mutationFn: (body: Shapes['NewToken']) => answer(api.POST('/api/v1/tokens', { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['tokens'] }),
  });
  if (make.data) {
    return (
      <Once
        title="Copy the token now"
        about="It is shown this once. Keep it where your program finds it and nobody else does."
        secret={make.data.secret}
        onClose={onClose}
      />
    );
  }
  const usage = wrongWith(make.error, 'usage');
  const isOfScopes = usage?.includes('scope');
  return (
    <FormDialog
      title="New token"
      submit="Make the token"
      isBusy={make.isPending}
      error={otherwiseWrong(make.error, ...TOLD)}
      onClose={onClose}
      onSubmit={(form) => {
        const days = said(form, 'days');
        make.mutate({ name: said(form, 'name'), scopes, expires_in_days: days ? Number(days) : null });
      }}
    >
      <TextField
        label="Name"
        description="What it is for; the history names it so"
        placeholder="Nightly import"
        name="name"
        longest={100}
        wrong={wrongWith(make.error, 'name_taken') ?? (isOfScopes ? undefined : usage)}
        required
        data-autofocus
      />
      <Checkbox.Group
        label="It may"
        value={scopes}
        onChange={setScopes}
        error={isOfScopes ? usage : undefined}
      >
        <Stack gap="xs" mt="xs">
          {SCOPES.map(({ scope, title, about }) => (
            <Checkbox key={scope} value={scope} label={title} description={about} />
          ))}
        </Stack>
      </Checkbox.Group>
      <NativeSelect
        label="It ends"
        name="days"
        defaultValue="90"
        data={ENDS.map(({ days, title }) => ({ value: days, label: title }))}
      />
    </FormDialog>
  );
}

function Revoke({ token: { id, name }, onClose }: { token: Token; onClose: () => void }) {
  const cache = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } })),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['tokens'] });
      onClose();
    },
  });
  return (
    <Question
      title={`Revoke ${name}?`}
      deed="Revoke"
      isBusy={revoke.isPending}
      error={revoke.error}
      onClose={onClose}
      onYes={() => revoke.mutate()}
    >
      <Text>
        Programs that use it are refused from now on, and that cannot be undone. Imports that it began go on.
      </Text>
    </Question>
  );
}
