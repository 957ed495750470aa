import { expect, test } from 'vitest';
import { OWNER, World } from './world';

const world = new World();

test('the link of the first run makes the first owner, who is home at once', async () => {
  const page = await world.page();
  await page.goto(world.server.firstOwner);
  await page.getByLabel('Your name').fill(OWNER.name);
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel(/^Password/).fill('password');
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel(/^Password/).fill(OWNER.password);
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('heading', { name: 'Hello, Olivia' }).waitFor();
  world.server.hasMembers = true;
});

test('somebody who is not signed in signs in first and comes back to the page that was asked for', async () => {
  const page = await world.page();
  await page.goto('/imports');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel(/^Password/).fill('not the password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel(/^Password/).fill(OWNER.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Imports', level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/imports');
});

test('a session that ends under an open page is begun again over it', async () => {
  const page = await world.ownersPage();
  // What the page still asks for would find out before the click does.
  await page.waitForLoadState('networkidle');
  await page.context().clearCookies();
  await page.getByRole('link', { name: 'Imports', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session ended' });
  await dialog.getByLabel(/^Password/).fill(OWNER.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('No imports yet').waitFor();
});

test('a server that goes away is said to be away, and the page goes on when it is back', async () => {
  const page = await world.ownersPage();
  await world.server.stop();
  await page.getByRole('link', { name: 'Imports', exact: true }).click();
  await page.getByText('Convoke does not answer at the moment').waitFor();
  await world.server.start();
  await page.getByText('No imports yet').waitFor();
  await page.getByText('Convoke does not answer at the moment').waitFor({ state: 'hidden' });
  world.forgive(/Failed to fetch dynamically imported module|Unable to preload CSS/);
});

test('a password is hidden until one looks, can be pasted, and is known to managers of passwords', async () => {
  const page = await world.page({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto('/sign-in');
  const password = page.getByLabel(/^Password/);
  expect(await password.getAttribute('type')).toBe('password');
  expect(await password.getAttribute('autocomplete')).toBe('current-password');
  expect(await page.getByLabel('E-mail').getAttribute('autocomplete')).toBe('username');
  await page.evaluate((text) => navigator.clipboard.writeText(text), OWNER.password);
  await password.focus();
  await page.keyboard.press('Control+V');
  expect(await password.inputValue()).toBe(OWNER.password);
  await page.getByRole('button', { name: 'Show password' }).click();
  expect(await password.getAttribute('type')).toBe('text');
});
