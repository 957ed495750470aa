import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { World } from './world';

const world = new World();

const PASSWORD = 'a lantern in the orchard';

async function invited(email: string, role: string): Promise<Page> {
  const owner = await world.ownersPage();
  await owner.goto('/settings/members');
  await owner.getByRole('button', { name: 'Invite somebody' }).click();
  await owner.getByLabel('E-mail').fill(email);
  await owner.getByLabel(role, { exact: true }).check();
  await owner.getByRole('button', { name: 'Make the invitation' }).click();
  const link = await owner
    .getByRole('dialog', { name: 'Pass this link on' })
    .getByText(/invitation#/)
    .textContent();
  const page = await world.page();
  await page.goto(link ?? '');
  await page.getByLabel('Your name').fill(`${role} Person`);
  await page.getByLabel(/^Password/).fill(PASSWORD);
  await page.getByRole('button').last().click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByText('Your account is ready').waitFor();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel(/^Password/).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: /Hello/ }).waitFor();
  return page;
}

test('a viewer is invited, sees the pages of a viewer, and is offered no deeds', async () => {
  const page = await invited('vera@example.com', 'Viewer');
  expect(await page.getByRole('link', { name: /^Import / }).count()).toBe(0);
  await page.goto('/groups');
  await page.getByRole('heading', { name: 'No groups yet' }).waitFor();
  expect(await page.getByRole('button', { name: 'New group' }).count()).toBe(0);
  await page.goto('/fields');
  await page.getByRole('heading', { name: 'Creators' }).waitFor();
  expect(await page.getByRole('button', { name: /New field/ }).count()).toBe(0);
  await page.goto('/settings');
  await page.getByText('Owners of the workspace may change this.').waitFor();
  const settings = page.getByRole('navigation', { name: 'Settings' });
  expect(await settings.getByRole('link').allTextContents()).toEqual([
    'Workspace',
    'Members',
    'Mappings',
    'Sessions and password',
  ]);
  await page.goto('/settings/tokens');
  await page.getByText(/Admins and owners look after tokens/).waitFor();
});

test('a role is changed, and the last owner stays one', async () => {
  const page = await world.ownersPage();
  await page.goto('/settings/members');
  await page.getByRole('button', { name: 'Change the role of Viewer Person' }).click();
  await page.getByLabel('Manager', { exact: true }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'Manager' }).waitFor();
  await page.getByRole('button', { name: 'Change the role of Olivia Owner' }).click();
  await page.getByText('This is your own role').waitFor();
  await page.getByLabel('Viewer', { exact: true }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('This is the last owner; a workspace has one at every time').waitFor();
});

test('a manager makes groups but no fields, and is removed with an heir', async () => {
  const page = await invited('mia@example.com', 'Manager');
  await page.goto('/groups');
  await page.getByRole('button', { name: 'New group' }).first().waitFor();
  const owner = await world.ownersPage();
  await owner.goto('/settings/members');
  await owner.getByRole('button', { name: 'Remove Manager Person' }).click();
  const dialog = owner.getByRole('dialog', { name: 'Remove Manager Person?' });
  await dialog.getByText(/No tokens, running imports or saved mappings/).waitFor();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await owner.getByRole('button', { name: 'Remove Manager Person' }).waitFor({ state: 'hidden' });
});

test('an invitation of a member is refused beside the field, and an invitation is revoked', async () => {
  const page = await world.ownersPage();
  await page.goto('/settings/members');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await page.getByLabel('E-mail').fill('vera@example.com');
  await page.getByRole('button', { name: 'Make the invitation' }).click();
  await page.getByText('vera@example.com is a member already. Change the role instead.').waitFor();
  await page.getByLabel('E-mail').fill('late@example.com');
  await page.getByRole('button', { name: 'Make the invitation' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Revoke the invitation of late@example.com' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Nobody is invited at the moment.').waitFor();
});
