// Every address of the app. Pages are loaded when they are opened; what is here is in the shell.
import {
  createRootRoute,
  createRoute,
  createRouter,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { cache } from './api/cache';
import { Broken, Nothing } from './frame/Broken';
import { Frame } from './frame/Frame';
import { lazily } from './frame/lazily';
import { Flow } from './imports/flow/Flow';
import { stepOf } from './imports/flow/steps';
import { historyFilter } from './imports/historyFilter';
import { importQuery } from './imports/queries';
import { type RowFilter, rowFilter } from './imports/rows/queries';
import type { PeopleFilter } from './people/queries';
import { sessionQuery } from './session/queries';
import { isPlural } from './words/recordTypes';

const root = createRootRoute({ component: Outlet, notFoundComponent: Nothing, errorComponent: Broken });

/** Pages of whoever is signed in; somebody else signs in first and comes back. */
const member = createRoute({
  getParentRoute: () => root,
  id: 'member',
  beforeLoad: async ({ location }) => {
    const session = await cache.ensureQueryData(sessionQuery);
    if (!session)
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
  },
});

const frame = createRoute({ getParentRoute: () => member, id: 'frame', component: Frame });

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** What looks like a number in an address is a word all the same. */
const word = (value: unknown) =>
  text(typeof value === 'number' || typeof value === 'boolean' ? String(value) : value);

/** How a list of people is narrowed. */
function peopleFilter(search: Record<string, unknown>): PeopleFilter {
  const said = (['search', 'group', 'tag', 'import'] as const).map(
    (key) => [key, word(search[key])] as const,
  );
  return Object.fromEntries(said.filter(([, value]) => value));
}

const doors = [
  createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    validateSearch: (search: Record<string, unknown>): { to?: string; refused?: string; joined?: true } => {
      const [to, refused] = [text(search.to), text(search.refused)];
      // Only places of this app.
      return {
        ...(to && /^\/(?!\/)/.test(to) ? { to } : {}),
        ...(refused ? { refused } : {}),
        ...(search.joined ? { joined: true } : {}),
      };
    },
    component: lazily(() => import('./session/SignInPage')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/first-owner',
    component: lazily(() => import('./session/FirstOwnerPage')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/invitation',
    component: lazily(() => import('./session/InvitationPage')),
  }),
] as const;

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  component: lazily(() => import('./home/HomePage')),
});

const listed = {
  getParentRoute: () => frame,
  validateSearch: peopleFilter,
  component: lazily(() => import('./people/PeoplePage')),
};

const people = [
  createRoute({ ...listed, path: '/creators' }),
  createRoute({ ...listed, path: '/prospects' }),
  createRoute({ ...listed, path: '/advocates' }),
] as const;

const person = createRoute({
  getParentRoute: () => frame,
  path: '/people/$id',
  component: lazily(() => import('./people/PersonPage')),
});

const named = (search: Record<string, unknown>): { name?: string } => {
  const name = word(search.name);
  return name ? { name } : {};
};

const organising = [
  createRoute({
    getParentRoute: () => frame,
    path: '/groups',
    validateSearch: named,
    component: lazily(() => import('./groups/GroupsPage')),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/groups/tags',
    validateSearch: named,
    component: lazily(() => import('./groups/TagsPage')),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/fields',
    component: lazily(() => import('./fields/FieldsPage')),
  }),
] as const;

const settings = createRoute({
  getParentRoute: () => frame,
  path: '/settings',
  component: lazily(() => import('./settings/SettingsPage')),
});

const settingsPages = [
  createRoute({
    getParentRoute: () => settings,
    path: '/',
    beforeLoad: () => {
      throw redirect({ href: '/settings/workspace', replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/workspace',
    component: lazily(() => import('./settings/WorkspacePage')),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/members',
    component: lazily(() => import('./settings/MembersPage')),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/tokens',
    component: lazily(() => import('./settings/TokensPage')),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/sessions',
    component: lazily(() => import('./settings/SessionsPage')),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/mappings',
    component: lazily(() => import('./settings/MappingsPage')),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/audit',
    component: lazily(() => import('./settings/AuditPage')),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/workspaces',
    component: lazily(() => import('./settings/WorkspacesPage')),
  }),
] as const;

const imports = [
  createRoute({
    getParentRoute: () => frame,
    path: '/imports',
    validateSearch: historyFilter,
    component: lazily(() => import('./imports/HistoryPage')),
  }),
] as const;

/** One import, step by step, in a room of its own. */
const flow = createRoute({ getParentRoute: () => member, id: 'flow', component: Flow });
const anImport = createRoute({ getParentRoute: () => flow, path: '/imports/$id' });

/** `again`: it is checked again because something changed. */
type Reviewed = RowFilter & { again?: boolean };

const steps = [
  createRoute({
    getParentRoute: () => anImport,
    path: '/',
    beforeLoad: async ({ params }) => {
      const item = await cache.fetchQuery(importQuery(params.id));
      throw redirect({ href: `/imports/${params.id}/${stepOf(item)}`, replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => anImport,
    path: '/columns',
    component: lazily(() => import('./imports/flow/ColumnsPage')),
  }),
  createRoute({
    getParentRoute: () => anImport,
    path: '/options',
    component: lazily(() => import('./imports/flow/OptionsPage')),
  }),
  createRoute({
    getParentRoute: () => anImport,
    path: '/review',
    validateSearch: (search: Record<string, unknown>): Reviewed => ({
      ...rowFilter(search),
      ...(search.again ? { again: true } : {}),
    }),
    component: lazily(() => import('./imports/flow/ReviewPage')),
  }),
  createRoute({
    getParentRoute: () => anImport,
    path: '/confirm',
    component: lazily(() => import('./imports/flow/ConfirmPage')),
  }),
  createRoute({
    getParentRoute: () => anImport,
    path: '/progress',
    component: lazily(() => import('./imports/flow/ProgressPage')),
  }),
  createRoute({
    getParentRoute: () => anImport,
    path: '/report',
    validateSearch: rowFilter,
    component: lazily(() => import('./imports/flow/ReportPage')),
  }),
] as const;

const upload = createRoute({
  getParentRoute: () => flow,
  path: '/imports/new/$plural',
  beforeLoad: ({ params }) => {
    if (!isPlural(params.plural)) throw notFound();
  },
  component: lazily(() => import('./imports/flow/UploadPage')),
});

const help = createRoute({
  getParentRoute: () => frame,
  path: '/help/{-$page}',
  component: lazily(() => import('./help/HelpPage')),
});

export const router = createRouter({
  routeTree: root.addChildren([
    ...doors,
    member.addChildren([
      frame.addChildren([
        home,
        ...imports,
        ...people,
        person,
        ...organising,
        settings.addChildren([...settingsPages]),
        help,
      ]),
      flow.addChildren([upload, anImport.addChildren([...steps])]),
    ]),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
