// The operator's: the workspaces of one's own, and a new one.
import { Badge, Button, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api, type Shapes } from '../api/client';
import { Page } from '../frame/Page';
import { Trouble } from '../frame/Trouble';
import { FormDialog } from '../parts/dialogs';
import { TextField } from '../parts/fields';
import { type Column, Lines, LinesToCome } from '../parts/Lines';
import { otherwiseWrong, said, wrongWith } from '../parts/said';
import { useSession } from '../session/queries';
import { useEnterWorkspace, workspacesQuery } from '../session/workspaces';
import { NotAllowed } from './NotAllowed';
import { roleTitle } from './roles';

type MyWorkspace = Shapes['MyWorkspace'];

export default function WorkspacesPage() {
  const { is_operator: isOperator } = useSession();
  if (!isOperator)
    return <NotAllowed title="All workspaces" who="The operator of the installation makes workspaces." />;
  return <Workspaces />;
}

function Workspaces() {
  const { workspace } = useSession();
  const [isMaking, setMaking] = useState(false);
  const go = useEnterWorkspace();
  const mine = useQuery(workspacesQuery);
  const columns: [Column<MyWorkspace>, ...Column<MyWorkspace>[]] = [
    {
      title: 'Workspace',
      cell: ({ id, name }) => (
        <>
          {name}{' '}
          {id === workspace?.id && (
            <Badge variant="default" tt="none" fw={500} ml={4}>
              You are here
            </Badge>
          )}
        </>
      ),
    },
    { title: 'Your role', cell: ({ role }) => role && roleTitle(role), width: '10rem' },
  ];
  return (
    <Page
      title="All workspaces"
      about="Each has people, members and settings of its own; nothing is shared between them."
      help="settings#workspaces"
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
          New workspace
        </Button>
      }
    >
      <Stack>
        {mine.isError && !mine.data && <Trouble error={mine.error} again={() => void mine.refetch()} />}
        {mine.isPending && <LinesToCome count={2} />}
        {go.isError && <Trouble error={go.error} />}
        {mine.data && (
          <Lines
            label="Workspaces"
            items={mine.data.items}
            keyOf={({ id }) => id}
            columns={columns}
            deeds={({ id, name }) =>
              id !== workspace?.id && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Go there: ${name}`}
                  onClick={() => go.mutate(id)}
                >
                  Go there
                </Button>
              )
            }
          />
        )}
      </Stack>
      {isMaking && <MakeWorkspace onClose={() => setMaking(false)} />}
    </Page>
  );
}

const TOLD = ['conflict', 'usage'];

function MakeWorkspace({ onClose }: { onClose: () => void }) {
  const go = useEnterWorkspace();
  const make = useMutation({
    mutationFn: (name: string) => answer(api.POST('/api/v1/workspaces', { body: { name } })),
    onSuccess: ({ id }) => go.mutate(id),
  });
  return (
    <FormDialog
      title="New workspace"
      submit="Make it and go there"
      isBusy={make.isPending || go.isPending}
      error={otherwiseWrong(make.error, ...TOLD) ?? go.error}
      onClose={onClose}
      onSubmit={(form) => make.mutate(said(form, 'name'))}
    >
      <TextField
        label="Name"
        description="People read it on every page and before every import"
        name="name"
        longest={100}
        wrong={wrongWith(make.error, ...TOLD)}
        required
        data-autofocus
      />
    </FormDialog>
  );
}
