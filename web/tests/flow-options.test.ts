import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectAccessible } from './axe';
import { csv, draftOf, expectChoices, expectToFit, heading, toOptions, upload } from './flow';
import { sample, World } from './world';

const world = new World((server) => {
  server.command('groups', 'add', 'Launch');
  server.command('fields', 'add', 'Since', '--as', 'advocates', '--type', 'date');
});

let files = 0;

/** A file of its own, at its options. */
async function atOptions(page: Page, text = 'Name,Email,Title\nAnna Lee,anna@example.com,Head\n') {
  files += 1;
  await upload(page, 'advocates', csv(`options-${files}.csv`, text.replace('anna@', `anna${files}@`)));
  await toOptions(page);
}

test('what is chosen is saved as one goes and is there after a reload', async () => {
  const page = await world.ownersPage();
  await atOptions(page);
  await page.getByRole('combobox', { name: 'Groups' }).fill('laun');
  await page.getByRole('option', { name: 'Launch' }).click();
  await page.getByRole('combobox', { name: 'Groups' }).fill('Spring Tour');
  await page.getByRole('option', { name: 'Make the group “Spring Tour”' }).click();
  await expectChoices(page, { groups: ['Launch', 'Spring Tour'] });
  await page
    .getByRole('textbox', { name: 'Tags' })
    .or(page.getByRole('combobox', { name: 'Tags' }))
    .fill('fair, vip');
  await page.keyboard.press('Tab');
  await page.getByRole('radio', { name: /^Nominees/ }).check();
  await page.getByRole('radio', { name: /^Leave them out/ }).check();
  await page.getByText('What happens to each value').click();
  await page.getByLabel('What happens to Title').selectOption('Overwrite');
  await page.getByRole('heading', { name: 'Where the list comes from' }).click();
  await page.getByRole('textbox', { name: 'Where the list comes from' }).fill('Spring fair');
  await page.keyboard.press('Tab');
  const chosen = {
    tags: ['fair', 'vip'],
    nominees: true,
    on_new: 'skip',
    policies: { Title: 'overwrite' },
    origin: 'Spring fair',
  };
  await expectChoices(page, chosen);
  await page.reload();
  await page.getByRole('radio', { name: /^Nominees/, checked: true }).waitFor();
  expect(await page.getByRole('textbox', { name: 'Where the list comes from' }).inputValue()).toBe(
    'Spring fair',
  );
  await page.getByRole('radio', { name: 'Leave them as they are' }).check();
  await page.getByText('What happens to each value').waitFor({ state: 'hidden' });
});

test('what is chosen before the choice before it was saved is saved with it', async () => {
  const page = await world.ownersPage();
  await atOptions(page);
  const groups = page.getByRole('combobox', { name: 'Groups' });
  let save = () => {};
  const isChosen = new Promise<void>((resolve) => {
    save = resolve;
  });
  await page.route(/draft$/, async (route) => {
    if (route.request().method() === 'PATCH') await isChosen;
    await route.continue();
  });
  const asked = page.waitForRequest((request) => request.method() === 'PATCH');
  for (const name of ['Launch', 'Beta']) {
    await groups.fill(name);
    await page.getByRole('option', { name }).click();
  }
  await asked;
  save();
  await expectChoices(page, { groups: ['Launch', 'Beta'] });
});

test('what is still being typed is saved before the check, and what is wrong holds it up', async () => {
  const page = await world.ownersPage();
  await atOptions(page);
  await page.getByRole('heading', { name: 'Safety and clearing' }).click();
  const most = page.getByRole('textbox', { name: /^Import nothing if more rows/ });
  await most.fill('many');
  await most.press('Enter');
  await page.getByText('write a number of rows (100) or a share of them (5%)').waitFor();
  await page.getByText('Something above is not saved yet').waitFor();
  expect((await draftOf(page)).import.status).toBe('draft');
  await most.fill('5%');
  await most.press('Enter');
  await heading(page, 'Review').waitFor();
  expect((await draftOf(page)).choices.max_failed).toBe('5%');
});

test('dates that read both ways are decided where the check says so', async () => {
  const page = await world.ownersPage();
  await atOptions(page, 'Name,Email,Since\nAnna Lee,anna@example.com,03/04/2020\n');
  expect(await page.getByText('Dates are written').count()).toBe(0);
  await page.keyboard.press('Enter');
  await heading(page, 'Review').waitFor();
  await expect.poll(async () => (await draftOf(page)).problem?.code).toBe('dates_ambiguous');
  await page.goto(`/imports/${(await draftOf(page)).import.import}`);
  await heading(page, 'Options').waitFor();
  await page.getByText('“03/04/2020”').or(page.getByText('"03/04/2020"')).waitFor();
  await expectAccessible(page);
  await page.getByRole('radio', { name: /^Day first/ }).check();
  await page.getByRole('button', { name: 'Check the file' }).click();
  await heading(page, 'Review').waitFor();
  await expect.poll(async () => (await draftOf(page)).import.status).toBe('ready');
});

test('columns that are not decided are said on the page of options, with the way to them', async () => {
  const page = await world.ownersPage();
  await upload(page, 'advocates', csv('undecided.csv', 'Name,Email,Shoe\nAnna,anna.shoe@example.com,3\n'));
  await page.getByRole('link', { name: 'Options' }).click();
  await page.getByText('Say what “Shoe” (column C) is.').waitFor();
  expect(await page.getByRole('button', { name: 'Check the file' }).isDisabled()).toBe(true);
  await page.getByRole('link', { name: 'Go to the columns' }).click();
  await heading(page, 'Columns').waitFor();
});

test('the three steps fit a phone', async () => {
  const page = await world.ownersPage({ viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' });
  await page.goto('/imports/new/creators');
  await heading(page, 'Import creators').waitFor();
  await expectToFit(page);
  await expectAccessible(page);
  await upload(page, 'creators', sample('creators.csv'));
  await expectToFit(page);
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Leave out all/ }).click();
  await page.getByText('Every column is decided').waitFor();
  await toOptions(page);
  await expectToFit(page);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Check the file' }).click();
  await heading(page, 'Review').waitFor();
});
