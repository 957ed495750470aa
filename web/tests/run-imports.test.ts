// From a confirmation to the report, with all that may come in between.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectAccessible } from './axe';
import { listOf, ownersPages, Program } from './drafts';
import { expectToFit } from './flow';
import { OWNER, World } from './world';

const program = new Program();
const world = new World(program.prepare);
const ownersPage = ownersPages(world);

const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const isAt = (page: Page, title: string) => page.getByRole('heading', { name: title, level: 1 }).waitFor();
/** So many rows that a run of them can be stopped. */
const LARGE = 300_000;
const large = (name: string) => listOf(LARGE, (row) => `Person ${row},${name}.${row}@example.com`);

async function confirm(page: Page, id: string) {
  await page.goto(`/imports/${id}/confirm`);
  await page.getByRole('button', { name: /^Import/ }).click();
}

test('each sample is imported with the counts that its page promises', async () => {
  const page = await ownersPage();
  for (const [file, as, rows] of [
    ['advocates.csv', 'advocates', 'New 20'],
    ['advocates-real-life.csv', 'advocates', 'New 15, Updated 2, Unchanged 3, Skipped 3, Failed 12'],
    ['creators.csv', 'creators', 'New 20'],
    ['creators-real-life.csv', 'creators', 'New 18, Skipped 7, Failed 10'],
    ['prospects.csv', 'prospects', 'New 20'],
    ['prospects-real-life.csv', 'prospects', 'New 16, Updated 4, Skipped 5, Failed 12'],
  ] as const) {
    await confirm(page, await program.readySample(file, as));
    await isAt(page, 'Report');
    const outcomes = page.getByRole('group', { name: 'Rows by outcome' });
    for (const part of rows.split(', '))
      await outcomes.getByRole('button', { name: part, exact: true }).waitFor();
    expect(await outcomes.getByRole('button').count()).toBe(rows.split(', ').length + 1);
  }
  await page.getByRole('link', { name: 'See the new prospects' }).waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  const errors = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Errors' }).click();
  expect((await errors).suggestedFilename()).toMatch(/csv$/);
  await page.getByRole('button', { name: 'Fix these 12 rows' }).click();
  await page.waitForURL(/columns|review/);
});

test('the confirmation says where and what, and two tabs start one import', async () => {
  const id = await program.ready(
    listOf(3, (row) => `P ${row},two.tabs.${row}@example.com`),
    'prospects',
  );
  const [one, other] = [await ownersPage(), await ownersPage()];
  for (const page of [one, other]) {
    await page.goto(`/imports/${id}/confirm`);
    await shows(page, /^This adds 3 new prospects in \w+\.$/);
  }
  await expectAccessible(one);
  await one.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(one);
  await Promise.all([
    one.getByRole('button', { name: 'Import 3 prospects' }).dblclick(),
    other.getByRole('button', { name: 'Import 3 prospects' }).click(),
  ]);
  for (const page of [one, other]) {
    await isAt(page, 'Report');
    await shows(page, '3 rows = 3 imported (3 new, 0 updated) + 0 unchanged + 0 skipped + 0 failed');
  }
});

test('a plan that is stale is checked again by itself, and that is said', async () => {
  const id = await program.ready(
    'Name,Email,Group\nAnna,stale@example.com,Stale Group\nBen,fresh@example.com,\n',
    'prospects',
  );
  const page = await ownersPage();
  await page.goto(`/imports/${id}/confirm`);
  await page.getByRole('button', { name: 'Import 1 prospect' }).waitFor();
  await program.ask('POST', '/groups', { name: 'Stale Group' });
  await page.getByRole('button', { name: 'Import 1 prospect' }).click();
  await isAt(page, 'Review');
  await shows(page, 'This was checked again');
  await shows(page, /^2 new$/);
});

test('a plan that would import nobody is not offered to be imported, unless it tags people', async () => {
  const list = 'Name,Email\nAnna,again@example.com\n';
  await program.imported(list, 'prospects');
  const page = await ownersPage();
  const id = await program.ready(list, 'prospects', 'again.csv', { on_match: 'skip' });
  await page.goto(`/imports/${id}/review`);
  await shows(page, /^There is nothing to import: nobody would be added or changed\./);
  expect(await page.getByRole('link', { name: 'Go on' }).count()).toBe(0);
  await page.goto(`/imports/${id}/confirm`);
  await shows(page, 'There is nothing to import: nobody would be added or changed.');
  const tags = { on_match: 'skip', tags: ['again'], tag_duplicates: true };
  await page.goto(`/imports/${await program.ready(list, 'prospects', 'tags.csv', tags)}/review`);
  await page.getByRole('link', { name: 'Go on' }).click();
  await page.getByRole('button', { name: 'Tag people who are there' }).click();
  await isAt(page, 'Report');
});

test('a check is kept as a dry run, which changes nobody', async () => {
  const page = await ownersPage();
  await page.goto(
    `/imports/${await program.ready('Name,Email\nAnna,dry@example.com\n', 'prospects')}/review`,
  );
  await page.getByRole('button', { name: 'Dry run only' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep as a dry run' }).click();
  await shows(page, 'A dry run: nobody was changed.');
  await shows(page, '1 row = 1 to be imported (1 new, 0 updated)');
});

test('the list of a dry run is imported from its report, as it was prepared', async () => {
  const id = await program.ready('Who,Email\nAnna,dry.run@example.com\n', 'prospects', 'tried.csv', {
    map: { Who: 'Name' },
    tags: ['tried'],
  });
  await program.ask('POST', `/imports/${id}/keep`);
  const page = await ownersPage();
  await page.goto(`/imports/${id}/report`);
  await page.getByRole('button', { name: 'Import this list' }).click();
  await isAt(page, 'Columns');
  await shows(page, 'Every column is decided');
  await page.getByRole('button', { name: 'Next: options' }).click();
  await isAt(page, 'Options');
  await shows(page, 'tried');
  await page.getByRole('button', { name: 'Check the file' }).click();
  await isAt(page, 'Review');
  await page.getByRole('link', { name: 'Go on' }).click();
  await page.getByRole('button', { name: 'Import 1 prospect' }).click();
  await isAt(page, 'Report');
  await shows(page, '1 prospect imported.');
});

test('a large import is paused, resumed, paused over a killed server, and cancelled', async () => {
  const id = await program.ready(large('large'), 'prospects');
  const page = await ownersPage();
  await confirm(page, id);
  await page.getByRole('button', { name: 'Pause' }).click();
  await shows(page, 'Somebody paused this import');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Resume' }).click();
  // Again at once: it must not end while the server is away.
  await page.getByRole('button', { name: 'Pause' }).click();
  await shows(page, 'Somebody paused this import');
  await world.server.stop('SIGKILL');
  await shows(page, 'Convoke does not answer at the moment');
  await world.server.start();
  await page.getByText('Convoke does not answer at the moment').waitFor({ state: 'hidden' });
  await shows(page, 'Somebody paused this import');
  await page.getByRole('button', { name: 'Cancel' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel this import?' });
  await dialog.getByText('What was imported so far stays.').waitFor();
  await dialog.getByRole('button', { name: 'Cancel the import' }).click();
  await isAt(page, 'Report');
  await page.getByRole('link', { name: 'Not processed' }).waitFor();
});

test('a review goes on by itself when its server was killed, and when the session ended', async () => {
  const id = await program.ready('Name,Email\nAnna,killed@@example.com\n', 'prospects');
  const page = await ownersPage();
  await page.goto(`/imports/${id}/review`);
  await page.getByRole('grid').getByText('killed@@example.com').waitFor();
  await world.server.stop('SIGKILL');
  await page.getByRole('grid').getByText('killed@@example.com').dblclick();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('killed@example.com');
  await page.keyboard.press('Enter');
  await shows(page, 'Convoke does not answer at the moment');
  await world.server.start();
  await page.getByText('Convoke does not answer at the moment').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Dry run only' }).click();
  await page.context().clearCookies();
  // Whatever asks first is told that the session ended: this press, or the page by itself before it.
  await page.getByRole('button', { name: 'Keep as a dry run' }).dispatchEvent('click');
  const dialog = page.getByRole('dialog', { name: 'Your session ended' });
  await dialog.getByLabel(/^Password/).fill(OWNER.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Keep as a dry run' }).click();
  await shows(page, 'A dry run: nobody was changed.');
});

test('a file of fifty thousand bad rows is looked at anywhere and put right at once', async () => {
  const id = await program.ready(
    listOf(50_000, (row) => `Person ${row},all@@example.com`),
    'prospects',
  );
  const page = await ownersPage();
  await page.goto(`/imports/${id}/review`);
  await shows(page, '50,000 rows need a look');
  await page.getByRole('grid').getByText('Person 3', { exact: true }).click();
  await page.keyboard.press('Control+End');
  await page.getByRole('grid').getByText('Person 49999').waitFor();
  await page.getByLabel('Search the rows').fill('person 31337');
  await page.getByRole('grid').getByText('Person 31337').waitFor();
});

test('the history is filtered and searched in its address, and its imports are acted on', async () => {
  const id = await program.draft('Name,Email\nAnna,anna@example.com\n', 'prospects', 'left alone.csv');
  const page = await ownersPage();
  await page.goto('/imports');
  await page.getByLabel('Search by file or person').fill('left');
  await page.waitForURL(/search=left/);
  const line = page.getByRole('list', { name: 'Imports' }).getByRole('listitem');
  await page.getByText('list.csv').first().waitFor({ state: 'hidden' });
  await line.filter({ hasText: 'left alone.csv' }).getByText('Draft').waitFor();
  expect(await line.count()).toBe(1);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  await page.getByRole('button', { name: 'Actions for left alone.csv' }).click();
  await page.getByRole('menuitem', { name: 'Discard' }).click();
  const dialog = page.getByRole('dialog', { name: 'Discard left alone.csv?' });
  await dialog.getByText('Nobody was imported from it, and nobody will be.').waitFor();
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await line.getByText('Cancelled').waitFor();
  await line.getByText('Discarded, nobody was changed').waitFor();
  expect((await program.ask('GET', `/imports/${id}`)).status).toBe('cancelled');
  await line.getByRole('link', { name: 'left alone.csv' }).click();
  await shows(page, 'Discarded. Nobody was changed.');
  const steps = page.getByRole('navigation', { name: 'Steps of this import' });
  expect(await steps.getByRole('listitem').filter({ hasText: 'Confirm' }).textContent()).toBe('5Confirm');
});

test('what waits for its confirmation foretells in the history, and says what to do', async () => {
  const list = 'Name,Email\nAnna,foretold@example.com\nBen,foretold@@example.com\n';
  const id = await program.ready(list, 'prospects', 'foretold.csv');
  const page = await ownersPage();
  await page.goto('/imports?search=foretold');
  await shows(page, 'Would be 1 new, 1 needs a look');
  await page.getByRole('link', { name: 'Review it: foretold.csv' }).click();
  await isAt(page, 'Review');
  await program.ask('POST', `/imports/${id}/keep`);
  await page.goto(`/imports/${id}/report`);
  await shows(page, /\+ 1 needs a look$/);
});

test('imports of several days are a picture over the history, also on a phone', async () => {
  const list = (name: string) => `Name,Email\n${name},${name.toLowerCase()}.of.a.day@example.com\n`;
  await program.imported(list('Anna'), 'prospects', 'before.csv');
  await world.server.stop();
  // A day ago is where only the database can put them.
  world.server.sql('UPDATE import SET started_at = started_at - 86400000000');
  await world.server.start();
  await program.imported(list('Ben'), 'prospects', 'after.csv');
  await program.ready(list('Cleo'), 'prospects', 'checked only.csv');
  const page = await ownersPage({ viewport: { width: 390, height: 844 } });
  await page.goto('/imports');
  await shows(page, /^Rows a day/);
  await page.getByRole('link', { name: 'checked only.csv', exact: true }).waitFor();
  await expectToFit(page);
  await expectAccessible(page);
  // What was only checked is no row of any day.
  const today = page.getByRole('table', { name: 'Rows a day by outcome' }).getByRole('row').last();
  expect(await today.getByRole('cell').first().innerText()).toBe('1');
});
