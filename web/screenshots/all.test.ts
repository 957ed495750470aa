// `make screenshots`: every page and state with the data of the samples, in light, dark and on a phone, below target/screenshots.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, test } from 'vitest';
import { type Server, sample, World } from '../tests/world';

const FOLDER = join(import.meta.dirname, '../../target/screenshots');
const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
} as const;
type Look = keyof typeof LOOKS;

const LISTS = [
  'advocates',
  'creators',
  'prospects',
  'advocates-real-life',
  'creators-real-life',
  'prospects-real-life',
];

/** Groups, custom fields and lists, as samples/README.md has them. */
function samples(server: Server) {
  const commands = readFileSync(sample('README.md'), 'utf8').matchAll(
    /^convoke ((?:groups|fields) add .*)$/gm,
  );
  for (const [, words = ''] of commands) {
    server.command(...(words.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', '')));
  }
  for (const list of LISTS) server.command('import', sample(`${list}.csv`), '--as', list.split('-')[0] ?? '');
}

const world = new World(samples);
const addresses: [string, string][] = [];

/** The API as the page's member. */
async function asked<T>(page: Page, method: string, path: string, data?: Buffer): Promise<T> {
  const headers = data ? { 'content-type': 'application/octet-stream' } : undefined;
  const response = await page.request.fetch(`/api/v1${path}`, { method, data, headers });
  if (!response.ok()) throw new Error(`${method} ${path}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Imports in the states that have pages of their own, and the addresses of everything. */
beforeAll(async () => {
  const page = await world.ownersPage();
  const upload = async (name: string, as: string) => {
    const file = readFileSync(sample(name));
    const draft = await asked<{ import: { import: string } }>(
      page,
      'POST',
      `/drafts?as=${as}&name=${name}`,
      file,
    );
    return draft.import.import;
  };
  const draft = await upload('as-they-come/salesforce-contacts.csv', 'advocates');
  const ready = await upload('advocates-real-life.csv', 'advocates');
  await asked(page, 'POST', `/imports/${ready}/check`);
  await page.goto(`/imports/${ready}/review`);
  while ((await asked<{ status: string }>(page, 'GET', `/imports/${ready}`)).status !== 'ready') {
    await page.waitForResponse(/imports/);
  }
  const { items } = await asked<{ items: { import: string; status: string }[] }>(
    page,
    'GET',
    '/imports?search=creators-real',
  );
  const people = await asked<{ items: { id: string }[] }>(page, 'GET', '/people?as=advocates&limit=1');
  addresses.push(
    ['home', '/'],
    ['upload', '/imports/new/advocates'],
    ['columns', `/imports/${draft}/columns`],
    ['options', `/imports/${draft}/options`],
    ['review', `/imports/${ready}/review`],
    ['confirm', `/imports/${ready}/confirm`],
    ['report', `/imports/${items[0]?.import}/report`],
    ['imports', '/imports'],
    ['person', `/people/${people.items[0]?.id}`],
    ['help', '/help'],
    ['help-values', '/help/values'],
    ...['creators', 'prospects', 'advocates', 'groups', 'fields'].map((page): [string, string] => [
      page,
      `/${page}`,
    ]),
    ...['', '/members', '/tokens', '/sessions', '/mappings', '/audit', '/workspaces'].map(
      (page): [string, string] => [`settings${page.replace('/', '-')}`, `/settings${page}`],
    ),
  );
  await page.context().close();
});

for (const look of Object.keys(LOOKS) as Look[]) {
  test(`screenshots, ${look}`, async () => {
    mkdirSync(join(FOLDER, look), { recursive: true });
    const outside = await world.page(LOOKS[look]);
    await outside.goto('/sign-in');
    await outside.getByLabel('E-mail').waitFor();
    await outside.screenshot({ path: join(FOLDER, look, 'sign-in.png') });
    const page = await world.ownersPage(LOOKS[look]);
    for (const [name, address] of addresses) {
      await page.goto(address);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: join(FOLDER, look, `${name}.png`), fullPage: true });
    }
  }, 180_000);
}
