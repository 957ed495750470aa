import { expect, test } from 'vitest';
import { expectAccessible } from './axe';
import { World } from './world';

const world = new World((server) => {
  server.command('groups', 'add', 'Launch');
});

test('a group is made with the keyboard alone, and the name of another is refused beside the field', async () => {
  const page = await world.ownersPage();
  await page.goto('/groups');
  await page.getByRole('button', { name: 'New group' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New group' });
  await dialog.getByLabel('Name').waitFor();
  await page.keyboard.type('launch');
  await page.keyboard.press('Enter');
  await dialog.getByText('Group launch is there already. Choose another name.').waitFor();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('<b>Tour</b> 🎪');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('no code');
  await page.keyboard.press('Enter');
  await dialog.getByText(/letters, digits, - and _, without blanks/).waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('tour-1');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /<b>Tour<\/b> 🎪/ }).waitFor();
});

test('a name that is too long is told while it is typed', async () => {
  const page = await world.ownersPage();
  await page.goto('/groups');
  await page.getByRole('button', { name: 'New group' }).click();
  await page.getByLabel('Name').fill('x'.repeat(256));
  await page.getByText('256 characters; at most 255. Make it shorter.').waitFor();
});

test('what somebody else changed meanwhile is told, and shown before it is changed again', async () => {
  const page = await world.ownersPage();
  await page.goto('/groups');
  await page.getByRole('button', { name: 'Change Launch' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Description').fill('mine');
  const other = await world.ownersPage();
  const { items } = await (await other.request.get('/api/v1/groups?name=Launch')).json();
  await other.request.patch(`/api/v1/groups/${items[0].id}`, {
    data: { description: 'theirs' },
    headers: { origin: world.server.address },
  });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Somebody else changed this while you had it open').waitFor();
  await dialog.getByRole('button', { name: 'Show what is there now' }).click();
  await expect.poll(() => dialog.getByLabel('Description').inputValue()).toBe('theirs');
  await dialog.getByLabel('Description').fill('both');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'both' }).waitFor();
});

test('a group that is deleted comes back by Undo', async () => {
  const page = await world.ownersPage();
  await page.goto('/groups');
  await page.getByRole('button', { name: 'Delete Launch' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Deleted the group Launch.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Delete Launch' }).waitFor();
});

test('tags are made, renamed and deleted at an address of their own', async () => {
  const page = await world.ownersPage();
  await page.goto('/groups');
  await page.getByRole('link', { name: 'Tags', exact: true }).click();
  await page.getByRole('heading', { name: 'No tags yet' }).waitFor();
  await page.getByRole('button', { name: 'New tag' }).first().click();
  await page.getByLabel('Name').fill('vip');
  await page.getByRole('button', { name: 'Make the tag' }).click();
  await page.getByRole('button', { name: 'Rename vip' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('important');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Delete important' }).click();
  await page.getByText('Nobody has it.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'No tags yet' }).waitFor();
});
