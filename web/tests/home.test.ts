import { expect, test } from 'vitest';
import { expectAccessible } from './axe';

import { sample, World } from './world';

const world = new World();

test('the first page says what to do first, and what is done', async () => {
  const page = await world.ownersPage();
  await page.getByRole('heading', { name: 'First steps' }).waitFor();
  await page.getByRole('link', { name: 'Groups', exact: true }).click();
  await page.getByRole('button', { name: 'New group' }).first().click();
  await page.getByLabel('Name').fill('Launch');
  await page.getByRole('button', { name: 'Make the group' }).click();
  await page.getByRole('rowheader', { name: 'Launch' }).waitFor();
  await page.getByRole('link', { name: 'Home' }).click();
  await page.getByText('Make groups · done').waitFor();
});

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
] as const)('the first page is for everybody, %s at %i', async (colorScheme, width) => {
  const page = await world.ownersPage({ colorScheme, viewport: { width, height: 844 } });
  await page.getByRole('heading', { name: 'First steps' }).waitFor();
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
});

test('the first steps go away with the first import', async () => {
  await world.server.stop();
  world.server.command('import', sample('advocates.csv'), '--as', 'advocates', '--ignore-unknown');
  await world.server.start();
  const page = await world.ownersPage();
  await page.getByText('advocates.csv').first().waitFor();
  expect(await page.getByRole('heading', { name: 'First steps' }).count()).toBe(0);
});
