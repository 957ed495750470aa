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

const doors = [
  createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    validateSearch: (search: Record<string, unknown>): { to?: string } => {
      const to = text(search.to);
      // Only places of this app.
      return to && /^\/(?!\/)/.test(to) ? { to } : {};
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
      frame.addChildren([home, ...imports, help]),
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
