import { expect, test } from 'vitest';
import { expectAccessible } from './axe';
import { importSample, setUp } from './samples';
import { World } from './world';

const world = new World((server) => {
  setUp(server);
  for (const plural of ['advocates', 'prospects']) importSample(server, plural);
});

const PHONE = { viewport: { width: 390, height: 844 } };

test('a list of people is searched, and the address keeps what was searched for over a reload', async () => {
  const page = await world.ownersPage();
  await page.getByRole('link', { name: 'Advocates', exact: true }).first().click();
  await page.getByText('20 advocates').waitFor();
  await page.getByLabel('Search').fill('anna');
  await page.getByText('1 advocate', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Anna Lindqvist' }).waitFor();
  expect(new URL(page.url()).searchParams.get('search')).toBe('anna');
  await page.reload();
  await page.getByText('1 advocate', { exact: true }).waitFor();
  await page.getByLabel('Search').fill('nobody is called that');
  await page.getByRole('heading', { name: 'No advocates are like that' }).waitFor();
  await page.getByRole('link', { name: 'Show all advocates' }).click();
  await page.getByText('20 advocates').waitFor();
});

test('a list is narrowed by group and by the import that made its people', async () => {
  const page = await world.ownersPage();
  await page.goto('/prospects');
  await page.getByText('20 prospects').waitFor();
  await page.getByRole('combobox', { name: 'Group' }).click();
  await page.getByRole('option', { name: 'Launch' }).click();
  await page.waitForURL(/group=grp/);
  await page.getByRole('link', { name: 'Alba Torres' }).click();
  await page.getByRole('heading', { name: 'Alba Torres', level: 1 }).waitFor();
  const made = await page.getByRole('link', { name: 'prospects.csv' }).getAttribute('href');
  const id = made?.split('/')[2];
  await page.goto(`/prospects?import=${id}`);
  await page.getByRole('button', { name: /import of prospects.csv/ }).click();
  await page.waitForURL((url) => !url.search.includes('import'));
});

test('a person shows fields, custom fields and where it all came from', async () => {
  const page = await world.ownersPage();
  await page.goto('/advocates');
  await page.getByRole('link', { name: 'Anna Lindqvist' }).click();
  for (const words of [
    'Northwind Example',
    'Head of IT',
    'Gold',
    'anna.lindqvist@example.com',
    '003EX0000000001',
  ])
    await page.getByText(words).first().waitFor();
  await expectAccessible(page);
  await page.goto('/people/per_nobody');
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
});

test('an export is downloaded, and a list without people teaches how to begin', async () => {
  const page = await world.ownersPage();
  await page.goto('/advocates');
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: /^CSV/ }).click();
  expect((await download).suggestedFilename()).toMatch(/csv$/);
  await page.goto('/advocates?search=lindq');
  await page.getByText('1 advocate', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByText('All advocates who fit').waitFor();
  const address = await page.getByRole('menuitem', { name: /^CSV/ }).getAttribute('href');
  const lines = (await (await page.request.get(address ?? '')).text()).trim().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('Lindqvist');
  await page.goto('/creators');
  await page.getByRole('heading', { name: 'No creators yet' }).waitFor();
  await expectAccessible(page);
  const sample = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Sample (CSV)' }).click();
  expect((await sample).suggestedFilename()).toBe('creators.csv');
});

test('on a phone people are cards, and nothing is wider than the screen', async () => {
  const page = await world.ownersPage(PHONE);
  await page.goto('/advocates');
  await page.getByRole('list', { name: 'advocates' }).getByRole('link', { name: 'Anna Lindqvist' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expectAccessible(page);
});
