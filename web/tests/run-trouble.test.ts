// What comes behind a run that did not go as foretold, up to its end.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { listOf, ownersPages, Program } from './drafts';
import { World } from './world';

const program = new Program();
const world = new World(program.prepare);
const ownersPage = ownersPages(world);

const isAt = (page: Page, title: string) => page.getByRole('heading', { name: title, level: 1 }).waitFor();
const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

test('rows that failed are fixed in the browser and imported behind the others', async () => {
  const id = await program.imported(
    'Name,Email\nAnna,anna.fix@example.com\nBen,ben.fix@@example.com\n',
    'prospects',
    'to fix.csv',
  );
  const page = await ownersPage();
  await page.goto(`/imports/${id}/report`);
  await page.getByRole('button', { name: 'Fix this row' }).click();
  await isAt(page, 'Review');
  await page.getByRole('grid').getByText('ben.fix@@example.com').dblclick();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('ben.fix@example.com');
  await page.keyboard.press('Enter');
  await shows(page, /Fine now: this row will be a new/);
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByRole('link', { name: 'Go on' }).click();
  await page.getByRole('button', { name: 'Import 1 prospect' }).click();
  await isAt(page, 'Report');
  await page.getByRole('link', { name: 'to fix.csv' }).click();
  await page.waitForURL(`**/imports/${id}/report`);
});

test('an import that would end otherwise than shown pauses, says so, and goes on when somebody agrees', async () => {
  const rows = 150_000;
  const list = listOf(rows, (row) => `Person ${row},drift.${row}@example.com`);
  const id = await program.ready(list, 'prospects', 'drifting.csv');
  const page = await ownersPage();
  await page.goto(`/imports/${id}/confirm`);
  await page.getByLabel('Pause before those rows, and let me decide').check();
  await page.getByRole('button', { name: /^Import/ }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await shows(page, 'Somebody paused this import');
  await program.imported(`Name,Email\nQuick,drift.${rows - 1}@example.com\n`, 'prospects', 'quick.csv');
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('alert').getByText('1 row would end otherwise than the check foretold').waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await isAt(page, 'Report');
  await shows(page, '1 row, because people changed in between');
});

test('an import whose rule is broken is refused, and says what to do in words of these pages', async () => {
  const { import: id } = await program.ask(
    'POST',
    '/imports?as=prospects&name=strict.csv&max_failed=0',
    'Name,Email\nAnna,anna@@example.com\n',
  );
  await program.until(id, 'refused');
  const page = await ownersPage();
  await page.goto(`/imports/${id}`);
  await isAt(page, 'Report');
  const alert = page.getByRole('alert');
  await alert.getByText('1 of 1 rows would fail; this import allows 0').waitFor();
  expect(await alert.innerText()).toContain('allow more of them to fail under Options');
  await page.getByRole('button', { name: 'Put it right' }).click();
  await isAt(page, 'Columns');
  await shows(page, 'Every column is decided');
});

test('a file that could not be understood was not kept, and is uploaded once more', async () => {
  const page = await ownersPage();
  const list = 'Name,Mail adress\nAnna,anna@example.com\n';
  await expect(program.ask('POST', '/imports?as=prospects&name=odd.csv', list)).rejects.toThrow('422');
  await page.goto('/imports');
  await page.getByRole('link', { name: 'odd.csv' }).click();
  await shows(page, 'odd.csv was refused. Nobody was changed.');
  await page.getByRole('link', { name: 'Upload it once more' }).click();
  await isAt(page, 'Import prospects');
});
