// `make pictures`: the pictures of the user guide, in docs/images/guide. An owner imports lists as the guide tells it, button by
// button: where the guide names one that is not there, this fails.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { listOf, ownersPages } from '../tests/drafts';
import { csv, heading, upload } from '../tests/flow';
import { importSample, setUp } from '../tests/samples';
import { type Server, sample, World } from '../tests/world';

const FOLDER = join(import.meta.dirname, '../../docs/images/guide');
const LARGEST = 120_000;
/** Two dots a pixel; web/build/guide.ts counts with it. */
const LOOK = { colorScheme: 'light', deviceScaleFactor: 2, locale: 'en-GB' } as const;
const SIZE = { width: 1080, height: 960 };

function prepare(server: Server) {
  server.command('workspace', 'change', '--name', 'Larch & Lime');
  setUp(server);
  for (const list of ['advocates', 'creators', 'prospects', 'prospects-real-life'])
    importSample(server, list);
}

const world = new World(prepare);
const ownersPage = ownersPages(world);
const wide = () => ownersPage({ ...LOOK, viewport: SIZE });

const FAIR = csv(
  'spring-fair.csv',
  `Full name,Work mail,Organisation,Street,T-shirt
Ada Brook,ada.brook@example.com,Northwind Example,12 Mill Lane,M
Theo Quist,theo.quist@example.com,Sample Logistics,3 Harbour Road,L
Rosa Feld,rosa.feld@example.org,Placeholder Foods,48 High Street,S
`,
);

const LOYAL = csv(
  'loyal-customers.csv',
  listOf(
    24,
    (at) => `Loyal ${at},loyal${at}@example.com,${at % 4 === 0 ? 'Platinum' : 'Gold'}`,
    'Name,Email,Tier',
  ),
);

const MANY = csv(
  'newsletter.csv',
  listOf(800_000, (at) => `Reader ${at},reader${at}@example.com`),
);

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true });
const cell = (page: Page, text: string) => page.getByRole('grid').getByText(text, { exact: true });

type Part = { from?: Locator; to?: Locator; room?: number; isNarrow?: boolean };

/** What is seen between two things; all of the window where none is named. */
async function seen(page: Page, { from, to = from, room = 20, isNarrow = false }: Part): Promise<Buffer> {
  const { width, height } = page.viewportSize() ?? SIZE;
  const [top, bottom] = [await from?.boundingBox(), await to?.boundingBox()];
  const isWhole = !isNarrow || !top || !bottom;
  const x = isWhole ? 0 : Math.min(top.x, bottom.x) - room;
  const end = isWhole ? width : Math.max(top.x + top.width, bottom.x + bottom.width) + room;
  const y = top ? Math.max(0, top.y - room) : 0;
  const below = bottom ? Math.min(height, bottom.y + bottom.height + room) : height;
  const clip = { x, y, width: end - x, height: below - y };
  return await page.screenshot({ clip, caret: 'hide', animations: 'disabled' });
}

function keep(name: string, screenshot: Buffer) {
  // Pages have few colours: with a palette their pictures take a third of the bytes and look the same.
  const picture = execFileSync('pngquant', ['--strip', '256', '-'], { input: screenshot });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.png`), picture);
  expect(picture.length, name).toBeLessThan(LARGEST);
}

/** Waits until the page stands still, and keeps what is seen. */
async function take(page: Page, name: string, part: Part = {}) {
  await page.mouse.move(0, 0);
  await page.waitForLoadState('networkidle');
  // A grid may draw its rows anew meanwhile.
  const last = part.to ?? part.from;
  await vi.waitFor(() => last?.scrollIntoViewIfNeeded({ timeout: 2000 }), { timeout: 15_000 });
  await part.from?.scrollIntoViewIfNeeded();
  keep(name, await seen(page, part));
}

test('a list with other headers: its columns and options', async () => {
  const page = await wide();
  await page.goto('/');
  await page.getByRole('link', { name: 'prospects-real-life.csv' }).waitFor();
  await take(page, 'home', { to: page.getByRole('link', { name: 'advocates.csv' }) });
  await link(page, 'Import advocates').last().click();
  await heading(page, 'Import advocates').waitFor();
  await take(page, 'upload', {
    to: button(page, 'A list with mistakes in it'),
    from: page.locator('header, nav').first(),
  });
  await upload(page, 'advocates', FAIR);
  await take(page, 'columns');
  await button(page, 'Accept 1 suggestion').click();
  await button(page, 'Leave out all 2').click();
  await page.getByText('Every column is decided').waitFor();
  await button(page, 'Next: options').click();
  await heading(page, 'Options').waitFor();
  await take(page, 'options');
});

test('a file with a title above its headers', async () => {
  const page = await wide();
  await upload(page, 'prospects', sample('as-they-come/partner-excel.csv'));
  await page.getByLabel('Headers stand in row').waitFor();
  await take(page, 'reading', {
    from: heading(page, 'Columns'),
    to: page.getByLabel('Headers stand in row'),
  });
});

test('the same wrong value in many rows', async () => {
  const page = await wide();
  await upload(page, 'advocates', LOYAL);
  await button(page, 'Next: options').click();
  await button(page, 'Check the file').click();
  await button(page, /^Needs a look/).click();
  await cell(page, 'Platinum').first().click();
  await page.getByLabel('The chosen row').getByLabel('Tier', { exact: true }).fill('Gold');
  await button(page, 'Correct').click();
  await button(page, 'Change the other 5 “Platinum” too').waitFor();
  await expect.poll(() => cell(page, 'Platinum').count()).toBe(5);
  await take(page, 'review-alike', {
    from: page.getByRole('status', { name: 'Corrections' }),
    to: cell(page, 'Loyal 8'),
  });
});

test('a whole import: review, row, group, confirmation, report', async () => {
  const page = await wide();
  await upload(page, 'advocates', sample('advocates-real-life.csv'));
  await button(page, 'Next: options').click();
  await button(page, 'Check the file').click();
  await cell(page, 'Ben Okafor').waitFor();
  // Not every machine has letters for the names below.
  await take(page, 'review', {
    from: page.locator('header, nav').first(),
    to: cell(page, 'Ben Okafor'),
    room: 12,
  });
  await button(page, /^Needs a look/).click();
  await cell(page, 'Double At').click();
  // Beside the rows, where there is room for it.
  await page.setViewportSize({ width: 1320, height: 960 });
  const aside = page.getByLabel('The chosen row');
  await take(page, 'review-row', {
    from: aside.getByText('Row 24'),
    to: aside.getByLabel('Correct another value'),
    isNarrow: true,
  });
  await page.setViewportSize(SIZE);
  await take(page, 'unknown-group', {
    from: page.getByRole('heading', { name: 'A group is not known here' }),
    to: button(page, 'Create this group'),
    room: 32,
  });
  await link(page, 'Go on').click();
  await heading(page, 'Confirm').waitFor();
  await take(page, 'confirm', {
    to: button(page, /^Import \d+ advocates/),
    from: page.locator('header, nav').first(),
  });
  await button(page, /^Import \d+ advocates/).click();
  await button(page, /^Fix these/).waitFor();
  await take(page, 'report');
});

test('an import that runs', async () => {
  const page = await wide();
  await upload(page, 'prospects', MANY);
  await button(page, 'Next: options').click();
  await button(page, 'Check the file').click();
  await link(page, 'Go on').click({ timeout: 100_000 });
  await button(page, /^Import .* prospects/).click();
  await page.getByText('rows/s').waitFor({ timeout: 60_000 });
  const running = await seen(page, {
    from: page.locator('header, nav').first(),
    to: page.getByText('You may leave this page'),
  });
  await button(page, 'Pause').click();
  keep('progress', running);
  await button(page, 'Resume').waitFor({ timeout: 30_000 });
});

test('the pages of the frame: history, people, fields', async () => {
  const page = await ownersPage({ ...LOOK, viewport: { width: 1280, height: 760 } });
  await page.goto('/imports');
  await button(page, 'Actions for newsletter.csv').click();
  await take(page, 'imports');
  await page.goto('/advocates');
  await page.getByRole('combobox', { name: 'Group' }).click();
  await page.getByRole('option', { name: 'Launch' }).click();
  await page.getByRole('table', { name: 'advocates' }).waitFor();
  await page.setViewportSize({ width: 1440, height: 760 });
  await take(page, 'people', {
    from: page.getByRole('heading', { name: 'Advocates', level: 1 }),
    to: page.getByRole('table', { name: 'advocates' }),
    isNarrow: true,
  });
  await page.goto('/fields');
  await button(page, 'New field of advocates').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Region');
  await page.getByLabel('What it holds').selectOption({ label: 'One of several options' });
  await page.getByRole('textbox', { name: 'Options' }).fill('North\nSouth\nOverseas');
  // Within the dialog, so that nothing behind it is seen.
  await take(page, 'new-field', { from: page.getByRole('dialog'), room: -5, isNarrow: true });
});
