import { expect, test } from 'vitest';
import { expectAccessible } from './axe';
import { World } from './world';

const world = new World();

test('the guide is read in the app, and its links lead to its pages', async () => {
  const page = await world.ownersPage();
  await page.getByRole('link', { name: 'How this works' }).click();
  await page.getByRole('heading', { name: 'Import your first list', level: 1 }).waitFor();
  await page.goto('/help');
  await page.getByRole('main').getByRole('link', { name: 'Read the report' }).last().click();
  await page.getByRole('heading', { level: 1, name: /report/i }).waitFor();
  await page.getByRole('link', { name: 'messages', exact: true }).first().click();
  await page.getByRole('heading', { name: 'Messages', level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/help/messages');
});

test('no link of the guide is dead', async () => {
  const page = await world.ownersPage();
  await page.goto('/help');
  const places = page.getByRole('navigation', { name: 'Guide' }).getByRole('link');
  await places.first().waitFor();
  const pages = await places.evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  for (const path of pages) {
    await places.and(page.locator(`[href="${path}"]`)).click();
    await page.waitForURL((url) => url.pathname === path);
    await page.locator('main p').nth(1).waitFor();
    const dead = await page.locator('main a').evaluateAll(
      (links, known) =>
        links
          .map((link) => link.getAttribute('href') ?? '')
          .filter((href) => !href.startsWith('http'))
          .filter((href) =>
            href.startsWith('#')
              ? !document.getElementById(href.slice(1))
              : !['/help', ...known].includes(href.split('#')[0] ?? ''),
          ),
      pages,
    );
    expect(dead, path).toEqual([]);
  }
});

test.each([
  ['light', 1280],
  ['dark', 390],
] as const)('the guide is for everybody, %s at %i', async (colorScheme, width) => {
  const page = await world.ownersPage({ colorScheme, viewport: { width, height: 844 } });
  for (const name of ['', '/matches', '/server']) {
    await page.goto(`/help${name}`);
    await page.locator('main table, main pre').first().waitFor();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});
