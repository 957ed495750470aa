// A whole import without a mouse.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { csv, draftOf, heading } from './flow';
import { World } from './world';

const world = new World();

/** The names of what has the focus. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
    const texts = [...labels.map((it) => it.textContent), element?.textContent];
    return [element?.getAttribute('aria-label'), ...texts.map((text) => text?.trim())];
  });

/** Presses Tab until what has this name has the focus. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const is = (said: string | null | undefined) =>
    typeof name === 'string' ? said === name : name.test(said ?? '');
  for (let presses = 0; presses < 80; presses += 1) {
    if ((await focused(page)).some(is)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab leads nowhere to ${name}`);
}

async function pressAt(page: Page, name: string | RegExp, key = 'Enter'): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press(key);
}

test('a list is imported with the keyboard alone, a cell put right on the way', async () => {
  const page = await world.ownersPage();
  await page.goto('/');
  await pressAt(page, 'Skip to the page');
  await page.goto('/imports/new/advocates');
  await heading(page, 'Import advocates').waitFor();
  const chooser = page.waitForEvent('filechooser');
  await pressAt(page, 'Drop a file here, or choose one', 'Space');
  await (await chooser).setFiles(
    csv('keys.csv', 'Full name,Work place,Email\nAnna,Lee,anna@example.com\nBen,Lee,ben@@example.com\n'),
  );
  await heading(page, 'Columns').waitFor();
  await tabTo(page, 'What Work place is');
  await page.keyboard.type('Compan');
  await page.keyboard.press('Enter');
  await page.getByText('Every column is decided').waitFor();
  await pressAt(page, 'Next: options');
  await heading(page, 'Options').waitFor();
  expect((await draftOf(page)).choices.map).toEqual({ 'Work place': 'Company' });
  await page.keyboard.press('Enter');
  await heading(page, 'Review').waitFor();

  // Into the grid, to the cell that is wrong, and out of the grid again by one press.
  await page.getByRole('grid').getByText('ben@@example.com').waitFor();
  await pressAt(page, /^Needs a look/);
  await page.getByRole('grid').getByText('anna@example.com').waitFor({ state: 'hidden' });
  await page.getByRole('grid').getByText('ben@@example.com').waitFor();
  await tabTo(page, 'Row');
  await page.keyboard.press('ArrowDown');
  for (let columns = 0; columns < 5; columns += 1) await page.keyboard.press('ArrowRight');
  expect((await focused(page)).join()).toContain('ben@@example.com');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('ben@example.com');
  await page.keyboard.press('Enter');
  await page.getByText(/Fine now: this row will be a new/).waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('[role="grid"]') === null)).toBe(true);

  await pressAt(page, 'Check again');
  await page.getByText('2 new').first().waitFor();
  await pressAt(page, 'Go on');
  await heading(page, 'Confirm').waitFor();
  await pressAt(page, 'Import 2 advocates');
  await heading(page, 'Report').waitFor();
  await page.getByRole('heading', { name: '2 advocates imported.' }).waitFor();
  await pressAt(page, 'See the new advocates');
  await heading(page, 'Advocates').waitFor();
  await page.getByText('ben@example.com').waitFor();
});

test('a dialog holds the focus, and Escape gives it back', async () => {
  const page = await world.ownersPage();
  await page.goto('/groups');
  await pressAt(page, 'New group');
  const dialog = page.getByRole('dialog', { name: 'New group' });
  await dialog.waitFor();
  for (let presses = 0; presses < 12; presses += 1) {
    await page.keyboard.press('Tab');
    expect(await dialog.evaluate((it) => it.contains(document.activeElement))).toBe(true);
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => focused(page)).toContain('New group');
  await page.keyboard.press('Enter');
  await dialog.getByLabel('Name').fill('Made by keys');
  await page.keyboard.press('Enter');
  await pressAt(page, 'Delete Made by keys');
  await page.getByRole('dialog').waitFor();
  await pressAt(page, /^Delete/);
  // The button that opened it went with its group.
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('title');
});
