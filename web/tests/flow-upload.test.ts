import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectAccessible } from './axe';
import { csv, draftOf, heading, inTheme, toOptions, upload } from './flow';
import { OWNER, sample, World } from './world';

const world = new World();

const TYPES = ['creators', 'prospects', 'advocates'];

test.each(TYPES)('the tidy sample of %s is tried and checked', async (plural) => {
  const page = await world.ownersPage();
  await page.goto(`/imports/new/${plural}`);
  await page.getByRole('button', { name: 'A tidy list' }).click();
  await checkIt(page);
});

test.each(TYPES)('the list of %s from real life is chosen and checked', async (plural) => {
  const page = await world.ownersPage();
  await upload(page, plural, sample(`${plural}-real-life.csv`));
  await checkIt(page);
});

async function checkIt(page: Page) {
  await heading(page, 'Columns').waitFor();
  await page.getByRole('button', { name: /^Leave out all/ }).click();
  await page.getByText('Every column is decided').waitFor();
  await toOptions(page);
  await page.keyboard.press('Enter');
  await heading(page, 'Review').waitFor();
  expect((await draftOf(page)).import.status).toMatch(/^(checking|ready)$/);
}

const CELLS = 'Name\tEmail\nAnna Lee\tanna@example.com\n"Ben\nOkafor"\tben@example.com\n';

test('cells of a spreadsheet are pasted anywhere on the page, or into the box', async () => {
  const page = await world.ownersPage();
  for (const target of ['body', 'textarea']) {
    await page.goto('/imports/new/advocates');
    await heading(page, 'Import advocates').waitFor();
    await paste(page, target, CELLS);
    await heading(page, 'Columns').waitFor();
    const { source, import: item } = await draftOf(page);
    expect([source.delimiter, source.rows, item.file]).toEqual(['\t', 2, 'Pasted cells.tsv']);
  }
});

test('a single line that is pasted is said to be too little', async () => {
  const page = await world.ownersPage();
  await page.goto('/imports/new/advocates');
  await heading(page, 'Import advocates').waitFor();
  await paste(page, 'body', 'anna@example.com');
  await page.getByText('That is one line.').waitFor();
  await page.getByLabel('Cells').fill('Name,Email\nAnna,anna@example.com');
  await page.getByRole('button', { name: 'Use these cells' }).click();
  await heading(page, 'Columns').waitFor();
});

async function paste(page: Page, target: string, text: string) {
  await page
    .locator(target)
    .first()
    .evaluate((element, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
}

test('a file that is dropped anywhere on the page is uploaded', async () => {
  const page = await world.ownersPage();
  await page.goto('/imports/new/creators');
  await heading(page, 'Import creators').waitFor();
  const dataTransfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'dropped.csv', { type: 'text/csv' }));
    return data;
  }, 'Platform,Handle\nInstagram,sample.mila\n');
  await page.dispatchEvent('footer, main', 'dragover', { dataTransfer });
  await page.getByText('Let go to upload').waitFor();
  await page.dispatchEvent('footer, main', 'drop', { dataTransfer });
  await heading(page, 'Columns').waitFor();
  await page.getByText('dropped.csv').waitFor();
});

const PNG = Buffer.from('89504e470d0a1a0a0000000d494844520000000100000001080600000000', 'hex');
const XLS = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2048)]);

test('what is no list is refused beside the place to choose another, which is taken', async () => {
  const page = await world.ownersPage();
  const files = [
    { name: 'empty.csv', buffer: Buffer.alloc(0), said: 'The file is empty' },
    { name: 'photo.png', buffer: PNG, said: 'photo.png' },
    { name: 'old.xls', buffer: XLS, said: /\.xlsx/ },
  ];
  await page.goto('/imports/new/prospects');
  for (const { name, buffer, said } of files) {
    await page
      .getByLabel('Drop a file here, or choose one')
      .setInputFiles({ name, buffer, mimeType: 'application/octet-stream' });
    await page.getByRole('alert').filter({ hasText: said }).filter({ hasText: name }).waitFor();
  }
  await expectAccessible(page);
  await page.getByLabel('Drop a file here, or choose one').setInputFiles(sample('prospects.csv'));
  await heading(page, 'Columns').waitFor();
});

test('a server that stops during an upload and comes back has the file once', async () => {
  const page = await world.ownersPage();
  await page.goto('/imports/new/advocates');
  const slow = await throttled(page, 200_000);
  await page.getByLabel('Drop a file here, or choose one').setInputFiles(large('interrupted.csv'));
  await page.getByText(/ of 2\.\d MB/).waitFor();
  await world.server.stop('SIGKILL');
  await page.getByText('The file has not arrived yet').waitFor();
  await slow.send('Network.emulateNetworkConditions', FAST);
  await world.server.start();
  await heading(page, 'Columns').waitFor();
  expect(await draftsOf(page, 'interrupted.csv')).toBe(1);
});

test('an upload is cancelled and leaves nothing behind', async () => {
  const page = await world.ownersPage();
  await page.goto('/imports/new/advocates');
  await throttled(page, 100_000);
  await page.getByLabel('Drop a file here, or choose one').setInputFiles(large('cancelled.csv'));
  await page.getByRole('progressbar', { name: 'Upload of cancelled.csv' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByLabel('Drop a file here, or choose one').waitFor();
  expect(await draftsOf(page, 'cancelled.csv')).toBe(0);
});

const FAST = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };

async function throttled(page: Page, uploadThroughput: number) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', { ...FAST, uploadThroughput });
  return session;
}

function large(name: string) {
  const rows = Array.from({ length: 60_000 }, (_, row) => `Person ${row},person${row}@example.com`);
  return csv(name, ['Name,Email', ...rows].join('\n'));
}

async function draftsOf(page: Page, name: string): Promise<number> {
  const response = await page.request.get('/api/v1/imports?limit=100');
  const { items } = (await response.json()) as { items: { file: string }[] };
  return items.filter(({ file }) => file === name).length;
}

test('a session that ended is begun again over the upload, which then goes on by itself', async () => {
  const page = await world.ownersPage();
  await page.goto('/imports/new/creators');
  await heading(page, 'Import creators').waitFor();
  await page.context().clearCookies();
  await page.getByLabel('Drop a file here, or choose one').setInputFiles(sample('creators.csv'));
  const dialog = page.getByRole('dialog', { name: 'Your session ended' });
  await dialog.getByLabel(/^Password/).fill(OWNER.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await heading(page, 'Columns').waitFor();
});

test('the same content a second time is said, with a link to the first', async () => {
  const page = await world.ownersPage();
  const file = csv('twice.csv', 'Name,Email\nAnna Lee,anna.twice@example.com\n');
  await upload(page, 'advocates', file);
  const first = (await draftOf(page)).import.import;
  await upload(page, 'advocates', file);
  await page.getByText('The same content was uploaded before').waitFor();
  expect(await page.getByRole('link', { name: 'See that import' }).getAttribute('href')).toBe(
    `/imports/${first}`,
  );
  await page.getByText(/uploaded .+ by Olivia Owner\. You can go on here/).waitFor();
  await toOptions(page);
});

test('the same content that was a list of other people is a warning, with the way there', async () => {
  const page = await world.ownersPage();
  const file = csv('wrong.csv', 'Name,Email\nAnna Lee,anna.wrong@example.com\n');
  await upload(page, 'prospects', file);
  const first = (await draftOf(page)).import.import;
  await upload(page, 'advocates', file);
  await page.getByText('The same content was uploaded as prospects before').waitFor();
  expect(await page.getByRole('link', { name: 'See that import' }).getAttribute('href')).toBe(
    `/imports/${first}`,
  );
  await expectAccessible(page);
  await inTheme(page, 'dark');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'start again under Prospects' }).click();
  await heading(page, 'Import prospects').waitFor();
});

test('templates are offered with their columns and come as files', async () => {
  const page = await world.ownersPage();
  await page.goto('/imports/new/advocates');
  await page.getByText('Name and Email').waitFor();
  for (const [name, start] of [
    ['CSV', 'Name,Email,Title'],
    ['Excel', 'PK'],
  ] as const) {
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name }).click();
    expect(readFileSync(await (await coming).path(), 'latin1').replace('\u00ef\u00bb\u00bf', '')).toContain(
      start,
    );
  }
});
