import { test } from 'vitest';
import { expectAccessible } from './axe';
import { importSample, setUp } from './samples';
import { World } from './world';

const world = new World((server) => {
  setUp(server);
  importSample(server, 'advocates');
});

test('a field is defined with its options, and what is wrong with it stands beside it', async () => {
  const page = await world.ownersPage();
  await page.goto('/fields');
  await page.getByRole('button', { name: 'New field of creators' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('niche');
  await dialog.getByRole('button', { name: 'Make the field' }).click();
  await dialog.getByText('Custom field niche is there already for creators. Choose another name.').waitFor();
  await dialog.getByLabel('Name').fill('Handle');
  await dialog.getByRole('button', { name: 'Make the field' }).click();
  await dialog.getByText(/names a standard field of creators/).waitFor();
  await dialog.getByLabel('Name').fill('Shirt size');
  await dialog.getByLabel('What it holds').selectOption('single_select');
  await dialog.getByLabel('Options').fill('S\ns');
  await dialog.getByRole('button', { name: 'Make the field' }).click();
  await dialog.getByText(/differ by more than case/).waitFor();
  await expectAccessible(page);
  await dialog.getByLabel('Options').fill('S\nM\nL');
  await dialog.getByRole('button', { name: 'Make the field' }).click();
  await page.getByRole('row', { name: /Shirt size.*S, M, L/ }).waitFor();
});

test('an option that people have cannot go, and a field that people have is deleted with its consequence said', async () => {
  const page = await world.ownersPage();
  await page.goto('/fields');
  await page.getByRole('button', { name: 'Change Tier' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Options').fill('Bronze');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText(/People have options that would go: Gold/).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Delete Seats' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByText('Something hangs on it').waitFor();
  await dialog.getByRole('button', { name: 'Delete it all the same' }).click();
  await page.getByRole('button', { name: 'Delete Seats' }).waitFor({ state: 'hidden' });
});

test.each(['light', 'dark'] as const)('custom fields are for everybody, %s', async (colorScheme) => {
  const page = await world.ownersPage({ colorScheme });
  await page.goto('/fields');
  await page.getByRole('rowheader', { name: 'Tier' }).waitFor();
  await expectAccessible(page);
});
