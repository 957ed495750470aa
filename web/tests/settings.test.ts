import { expect, test } from 'vitest';
import { expectAccessible } from './axe';
import { OWNER, World } from './world';

const world = new World((server) => {
  server.command(
    ...'mappings add CRM --as advocates --map Mail=email --map Firm=company --ignore Team'.split(' '),
  );
});

test('the workspace is renamed, and the frame says its new name', async () => {
  const page = await world.ownersPage();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('heading', { name: 'Workspace', level: 1 }).waitFor();
  await page.getByLabel('Name').fill('Northwind');
  await page.getByLabel('Remove them after some days').check();
  await page.getByLabel('Days until files are removed').fill('90');
  await page.getByText('Older files go within the hour').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Workspace Northwind, change' }).waitFor();
  await page.reload();
  await expect.poll(() => page.getByLabel('Days until files are removed').inputValue()).toBe('90 days');
});

test('a token is shown once, refused under the name of another, and revoked', async () => {
  const page = await world.ownersPage();
  await page.goto('/settings/tokens');
  for (const isFirst of [true, false]) {
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('Name').fill('Nightly');
    await page.getByRole('button', { name: 'Make the token' }).click();
    if (isFirst) {
      await page
        .getByRole('dialog', { name: 'Copy the token now' })
        .getByText(/cvk_|_/)
        .first()
        .waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Done' }).click();
    }
  }
  await page.getByText('There is a token "Nightly" already. Revoke it, or choose another name.').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Revoke Nightly' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText(/^Revoked /).waitFor();
});

test('other sessions are ended, and a wrong password is told beside its field', async () => {
  const other = await world.ownersPage();
  const page = await world.ownersPage();
  await page.goto('/settings/sessions');
  await page.getByText('This one').waitFor();
  await page.getByLabel('Password so far').fill('not the password');
  await page.getByLabel('New password').fill('another quiet barn with tulips');
  await page.getByRole('button', { name: 'Change it' }).click();
  await page.getByText('This is not your password.').waitFor();
  await page.getByLabel('Password so far').fill(OWNER.password);
  await page.getByLabel('New password').fill('password');
  await page.getByRole('button', { name: 'Change it' }).click();
  await page.getByText(/one of those that are guessed first/).waitFor();
  await page.getByRole('button', { name: 'End all others' }).click();
  await page.getByRole('button', { name: 'End them' }).click();
  await page.getByRole('button', { name: 'End all others' }).waitFor({ state: 'hidden' });
  await other.reload();
  await other.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('a mapping shows its columns, gets another name, and is deleted', async () => {
  const page = await world.ownersPage();
  await page.goto('/settings/mappings');
  await page.getByRole('button', { name: '2 columns, 1 left out' }).click();
  const columns = page.getByRole('dialog', { name: 'CRM' });
  await columns.getByRole('row', { name: /Firm\s+company/ }).waitFor();
  await columns.getByText('Team').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /Rename CRM/ }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('CRM of the north');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: /Delete CRM of the north/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'No saved mappings yet' }).waitFor();
});

test('the audit log tells deeds in sentences', async () => {
  const page = await world.ownersPage();
  await page.goto('/settings/audit');
  await page
    .getByText(/Olivia Owner signed in/)
    .first()
    .waitFor();
  await page.getByText(/Olivia Owner made the token Nightly/).waitFor();
  await page.getByText(/renamed the workspace from .* to Northwind/).waitFor();
});

test('the operator makes a workspace and is in it', async () => {
  const page = await world.ownersPage();
  await page.goto('/settings/workspaces');
  await page.getByRole('button', { name: 'New workspace' }).click();
  await page.getByLabel('Name').fill('northwind');
  await page.getByRole('button', { name: 'Make it and go there' }).click();
  await page.getByText(/There is a workspace "northwind" already/).waitFor();
  await page.getByLabel('Name').fill('Southwind');
  await page.getByRole('button', { name: 'Make it and go there' }).click();
  await page.getByRole('button', { name: 'Workspace Southwind, change' }).waitFor();
});
