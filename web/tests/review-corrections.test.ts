// What a check foretells, looked at and put right in the browser.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectAccessible } from './axe';
import { listOf, ownersPages, Program } from './drafts';
import { World } from './world';

const program = new Program();
const world = new World(program.prepare);
const ownersPage = ownersPages(world);

async function review(id: string, options: Parameters<World['page']>[0] = {}): Promise<Page> {
  const page = await ownersPage(options);
  await page.goto(`/imports/${id}/review`);
  await page.getByRole('heading', { name: 'Review', level: 1 }).waitFor();
  return page;
}

const cell = (page: Page, row: string, column: string) =>
  page.getByRole('row', { name: new RegExp(`^${row}\\b`) }).locator(`[col-id="${column}"]`);
const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

test('the review of a list from real life says what will happen, in numbers of the samples, in both themes', async () => {
  const id = await program.readySample('advocates-real-life.csv', 'advocates');
  const page = await review(id);
  await shows(page, /new, .*3 lines that are nobody, 12 rows need a look$/);
  await page.getByRole('grid').getByText('Zoë Müller-Łukasik').waitFor();
  await page.getByRole('button', { name: 'Needs a look 12' }).click();
  await page.getByRole('grid').getByText('Double At').click();
  await page.getByRole('complementary').getByText('Problem: Email is invalid').waitFor();
  expect(new URL(page.url()).search).toBe('?outcome=failed');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  await page.reload();
  await page.getByRole('grid').getByText('Double At').waitFor();
  await page.getByLabel('Search the rows').fill('platinum');
  await page.getByRole('grid').getByText('Double At').waitFor({ state: 'hidden' });
  await page.getByRole('grid').getByText('Platinum Pete').waitFor();
  await page.getByLabel('Search the rows').fill('nobody holds this');
  await shows(page, 'No rows like that.');
});

test('a cell is corrected where it stands, alone or with all alike, taken back, and the file checked again', async () => {
  const bad = listOf(
    20,
    (row) => `Person ${row},${row < 15 ? 'nobody@@example.com' : `p${row}@example.com`}`,
  );
  const id = await program.ready(bad, 'prospects');
  const page = await review(id);
  await shows(page, '5 new, 15 rows need a look');
  await page.getByRole('grid').getByText('nobody@@example.com').first().dblclick();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('somebody@example.com');
  await page.keyboard.press('Enter');
  const line = page.getByRole('status', { name: 'Corrections' });
  await line
    .getByText('Row 2: Email changed to “somebody@example.com”. Fine now: this row will be a new prospect.')
    .waitFor();
  await cell(page, '2', 'outcome').getByText('+ New').waitFor();
  await shows(page, 'Something was changed since this check');

  await line.getByRole('button', { name: 'Change the other 14 “nobody@@example.com” too' }).click();
  await line.getByText('14 cells of Email changed').waitFor();
  await cell(page, '16', 'outcome').getByText('» Skip').waitFor();
  await line.getByRole('button', { name: 'Undo' }).click();
  await cell(page, '16', 'outcome').getByText('! Needs a look').waitFor();

  await page.reload();
  await page.getByRole('grid').getByText('Person 0').waitFor();
  await page.getByRole('button', { name: 'Check again' }).click();
  await shows(page, '5 new, 15 rows need a look');
  await page.getByRole('link', { name: 'Go on' }).waitFor();
});

test('a group that rows name is created from the review, or another is used instead', async () => {
  const list = listOf(
    6,
    (row) => `P ${row},g${row}@example.com,${row < 4 ? 'Moonshot' : 'Sunshot'}`,
    'Name,Email,Group',
  );
  const page = await review(await program.ready(list, 'prospects'));
  await shows(page, '2 groups are not known here');
  const moon = page.getByRole('listitem').filter({ hasText: 'Moonshot in 4 rows' });
  await moon.getByRole('button', { name: 'Create this group' }).click();
  await shows(page, '4 new, 2 rows need a look');
  await page.getByRole('combobox', { name: 'Use another group instead of Sunshot' }).click();
  await page.getByRole('option', { name: 'Moonshot' }).click();
  await page.getByText('2 cells of Group changed from “Sunshot” to “Moonshot”.').waitFor();
  await page.getByRole('button', { name: 'Check again' }).click();
  await shows(page, /^6 new$/);
});

test('a value that is no option is chosen anew, or becomes one', async () => {
  const list = 'Name,Email,Tier\nAnna,tier.a@example.com,Wood\nBen,tier.b@example.com,Tin\n';
  const page = await review(await program.ready(list, 'advocates'));
  await shows(page, '2 rows need a look');
  await page.getByRole('grid').getByText('Tin', { exact: true }).click();
  const side = page.getByRole('complementary');
  await side.getByLabel('Tier', { exact: true }).click();
  await page.getByRole('option', { name: 'Silver' }).click();
  await side.getByRole('button', { name: 'Correct' }).click();
  await page
    .getByText('Row 3: Tier changed to “Silver”. Fine now: this row will be a new advocate.')
    .waitFor();
  await page.getByRole('grid').getByText('Wood', { exact: true }).click();
  await side.getByRole('button', { name: 'Add “Wood” to the options of Tier' }).click();
  await page.getByRole('status').getByText('2 new', { exact: true }).waitFor();
});

test('a line that reads like a total is brought back as a person, and taken back', async () => {
  const list = `${listOf(2, (row) => `P ${row},t${row}@example.com`)}Total,\n`;
  const page = await review(await program.ready(list, 'prospects'));
  await shows(page, '2 new, 1 line that is nobody');
  await page.getByRole('grid').getByText('Total').click();
  await page.getByRole('button', { name: 'This is a person' }).click();
  await cell(page, '4', 'outcome').getByText('! Needs a look').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await cell(page, '4', 'outcome').getByText('» Skip').waitFor();
});

test('an update shows each value before and after', async () => {
  await program.imported('Name,Email,Company\nAnna,anna@example.org,\n', 'prospects');
  const page = await review(
    await program.ready('Name,Email,Company\nAnna,anna@example.org,Lee\n', 'prospects'),
  );
  await shows(page, /^1 update$/);
  await page.getByRole('grid').getByText('Company: Lee').click();
  const row = page.getByRole('table', { name: 'What changes' }).getByRole('row', { name: /Company/ });
  expect(await row.textContent()).toBe('Company–Lee');
});

test('two people who look at the same import see what the other corrects', async () => {
  const id = await program.ready('Name,Email\nAnna,anna@@example.net\nBo,bo@@example.net\n', 'prospects');
  const [one, other] = [await review(id), await review(id)];
  await one.getByRole('grid').getByText('anna@@example.net').waitFor();
  await other.getByRole('grid').getByText('anna@@example.net').waitFor();
  await program.ask('POST', `/imports/${id}/corrections`, { row: 2, column: 'B', value: 'anna@example.net' });
  for (const page of [one, other]) {
    await page.getByRole('grid').getByText('anna@example.net').waitFor();
    await shows(page, 'Something was changed since this check');
  }
  await one.getByRole('button', { name: 'Check again' }).click();
  await shows(other, '1 new, 1 row needs a look');
});

test('nothing of a hostile file runs or breaks the page, wide or narrow', async () => {
  const long = 'x'.repeat(200_000);
  const markup = '<img src=x onerror=alert(1)><b>bold</b>';
  const header = `Name,Email,${'Header '.repeat(43)},Company`;
  const list = `${header}\n${long},long@@example.com,1,${markup}\n‫מישהו‬ 👩🏽‍🚀,rtl@@example.com,${markup},2\n`;
  const id = await program.ready(list, 'prospects', `${markup}.csv`);
  const page = await review(id);
  await page.getByRole('grid').getByText('rtl@@example.com').click();
  await page.getByRole('complementary').getByText('Problem: Email is invalid').waitFor();
  const width = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(await width()).toBeLessThanOrEqual(0);
  expect(await page.locator('img[src=x], main b').count()).toBe(0);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('list', { name: 'Rows' }).getByText('Problem: Email is invalid').first().waitFor();
  expect(await width()).toBeLessThanOrEqual(0);
});

test('on a phone the rows with problems are cards, corrected there', async () => {
  const id = await program.ready('Name,Email\nAnna,anna@@example.net\nBo,bo@example.net\n', 'prospects');
  const page = await review(id, { viewport: { width: 390, height: 844 } });
  const card = page.getByRole('list', { name: 'Rows' }).getByRole('listitem');
  await card.getByLabel('Email', { exact: true }).fill('anna@example.info');
  await expectAccessible(page);
  await card.getByRole('button', { name: 'Correct' }).click();
  await page.getByText(/Fine now: this row will be a new/).waitFor();
  await page.getByRole('button', { name: 'Check again' }).click();
  await shows(page, /^2 new$/);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
});
