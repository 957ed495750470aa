// Every page and state of the app, on the data of the samples: for what has to hold everywhere.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeAll } from 'vitest';
import { listOf, ownersPages, Program } from './drafts';
import { importSample } from './samples';
import { type Server, sample, World } from './world';

export type Place = {
  name: string;
  address: string;
  /** What is done there to see the state. */
  open?: (page: Page) => Promise<unknown>;
};

const LISTS = ['advocates', 'creators', 'prospects'].flatMap((list) => [list, `${list}-real-life`]);

/** What the command line prepares, before the server starts. */
function prepared(program: Program) {
  return (server: Server) => {
    program.prepare(server);
    for (const list of LISTS) importSample(server, list);
    server.command(...'mappings add CRM --as advocates --map Mail=email --ignore Team'.split(' '));
  };
}

const ROWS = 150_000;
const large = (name: string) =>
  listOf(ROWS, (row) => `${name} ${row},${name.toLowerCase()}${row}@example.com`);

const press = (name: string | RegExp) => (page: Page) =>
  page
    .getByRole('button', { name, exact: typeof name === 'string' })
    .first()
    .click();

/** A button, and the dialog it opens. */
const asks = (name: string | RegExp) => async (page: Page) => {
  await press(name)(page);
  await page.getByRole('dialog').waitFor();
};

/** The grid, or the cards of a phone. */
const rowsOn = (page: Page) => page.getByRole('grid').or(page.getByRole('list', { name: 'Rows' }));

type Made = { import: string };

/** Makes imports in every state, and says where everything is. */
async function places(program: Program): Promise<Place[]> {
  const upload = async (name: string) => {
    const query = `as=advocates&name=${name.split('/').at(-1)}`;
    const { import: made } = await program.ask<{ import: Made }>(
      'POST',
      `/drafts?${query}`,
      readFileSync(sample(name), 'utf8'),
    );
    return made.import;
  };
  const draft = await upload('as-they-come/salesforce-contacts.csv');
  const unchecked = await program.draft('Name,Email\nAnna,anna@example.com\n', 'advocates', 'unchecked.csv');
  const ready = await program.readySample('advocates-real-life.csv', 'advocates');
  const begin = async (name: string) => {
    const id = await program.ready(large(name), 'prospects', `${name.toLowerCase()}.csv`);
    const { plan } = await program.ask<{ plan: string }>('GET', `/imports/${id}/plan`);
    await program.ask('POST', `/imports/${id}/confirm`, { plan });
    await program.ask('POST', `/imports/${id}/pause`);
    await program.until(id, 'paused');
    return id;
  };
  const paused = await begin('Paused');
  const cancelled = await begin('Cancelled');
  await program.ask('POST', `/imports/${cancelled}/cancel`);
  const kept = await program.ready('Name,Email\nAnna,kept@example.com\n', 'advocates', 'kept.csv');
  await program.ask('POST', `/imports/${kept}/keep`);
  const refused = await program.ask<Made>(
    'POST',
    '/imports?as=advocates&name=refused.csv&max_failed=0',
    'Name,Email\nAnna,anna@@example.com\n',
  );
  await program.until(refused.import, 'refused');
  const checking = await program.draft(large('Checking'), 'prospects', 'checking.csv');
  const { items } = await program.ask<{ items: Made[] }>('GET', '/imports?search=creators-real');
  const people = await program.ask<{ items: { id: string }[] }>('GET', '/people?as=advocates&limit=1');
  const at = (name: string, address: string, open?: Place['open']): Place =>
    open ? { name, address, open } : { name, address };
  return [
    at('home', '/'),
    at('upload', '/imports/new/advocates'),
    at('upload-refused', '/imports/new/advocates', async (page) => {
      const picture = {
        name: 'picture.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('\x89PNG\r\n\x1a\n\0\0'),
      };
      await page.getByLabel('Drop a file here, or choose one').setInputFiles(picture);
      await page.getByRole('alert').waitFor();
    }),
    at('columns', `/imports/${draft}/columns`),
    at('columns-reading', `/imports/${draft}/columns`, (page) => page.locator('summary').first().click()),
    at('options', `/imports/${draft}/options`),
    at('options-open', `/imports/${draft}/options`, async (page) => {
      for (const summary of await page.locator('summary').all()) await summary.click();
    }),
    at('review-unchecked', `/imports/${unchecked}/review`),
    at('review-checking', `/imports/${checking}/review`, async (page) => {
      const { status } = await program.ask<{ status: string }>('GET', `/imports/${checking}`);
      if (status === 'draft') await program.ask('POST', `/imports/${checking}/check`);
      // It may have ended since somebody was here before.
      await page.getByRole('progressbar').or(rowsOn(page)).first().waitFor();
    }),
    at('review', `/imports/${ready}/review`, (page) => rowsOn(page).first().waitFor()),
    at('review-row', `/imports/${ready}/review?outcome=failed`, async (page) => {
      const inGrid = page.getByRole('grid').getByText('Double At');
      if ((page.viewportSize()?.width ?? 0) < 768) await page.getByText('Double At').first().waitFor();
      else await inGrid.click();
    }),
    at('review-keep', `/imports/${ready}/review`, asks('Dry run only')),
    at('confirm', `/imports/${ready}/confirm`),
    at('progress-paused', `/imports/${paused}/progress`),
    at('progress-cancel', `/imports/${paused}/progress`, asks('Cancel')),
    at('report', `/imports/${items[0]?.import}/report`),
    at('report-cancelled', `/imports/${cancelled}/report`),
    at('report-dry-run', `/imports/${kept}/report`),
    at('report-refused', `/imports/${refused.import}/report`),
    at('imports', '/imports'),
    at('person', `/people/${people.items[0]?.id}`),
    at('people-nobody', '/creators?search=nobody-is-called-that'),
    at('help', '/help'),
    at('help-values', '/help/values'),
    at('nowhere', '/no/such/page'),
    ...['creators', 'prospects', 'advocates', 'groups', 'fields'].map((page) => at(page, `/${page}`)),
    at('groups-new', '/groups', asks('New group')),
    at('groups-delete', '/groups', asks(/^Delete /)),
    at('tags', '/groups/tags'),
    at('tags-new', '/groups/tags', asks('New tag')),
    at('fields-new', '/fields', asks(/^New field of/)),
    at('fields-delete', '/fields', asks(/^Delete /)),
    ...['', '/members', '/tokens', '/sessions', '/mappings', '/audit', '/workspaces'].map((page) =>
      at(`settings${page.replace('/', '-')}`, `/settings${page}`),
    ),
    at('members-invite', '/settings/members', asks('Invite somebody')),
    at('tokens-new', '/settings/tokens', asks('New token')),
    at('workspaces-new', '/settings/workspaces', asks('New workspace')),
  ];
}

/** A world with all of it, once its tests begin. */
export function everywhere() {
  const program = new Program();
  const world = new World(prepared(program));
  const ownersPage = ownersPages(world);
  const all: Place[] = [];
  beforeAll(async () => {
    const owner = await ownersPage();
    await owner.close();
    all.push(...(await places(program)));
  }, 120_000);
  return { world, ownersPage, all };
}

/** Goes there, and waits until it stands still. */
export async function goTo(page: Page, { address, open }: Place): Promise<void> {
  await page.goto(address);
  await page.getByRole('heading', { level: 1 }).waitFor();
  // Grey places stand for what is still asked for.
  await page.waitForFunction(() => document.querySelector('.mantine-Skeleton-root') === null);
  await open?.(page);
}
