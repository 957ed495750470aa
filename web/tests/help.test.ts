import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectAccessible } from './axe';
import { csv, heading, toOptions, upload } from './flow';
import { World } from './world';

const world = new World();

/** The page of the guide about this one: a tab of its own. */
async function guideOf(page: Page): Promise<Page> {
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'How this works' }).click();
  return opened;
}

test('the guide is read in the app, and its links lead to its pages', async () => {
  const page = await world.ownersPage();
  const guide = await guideOf(page);
  await guide.getByRole('heading', { name: 'Import your first list', level: 1 }).waitFor();
  await page.getByRole('heading', { name: /Hello/ }).waitFor();
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
          .filter((href) => !href.startsWith('http') && !href.startsWith('/assets/'))
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

const ABOUT = {
  '/': 'first-import',
  '/imports/new/creators': 'first-import',
  '/imports': 'imports',
  '/advocates': 'people',
  '/groups': 'groups-and-tags',
  '/groups/tags': 'groups-and-tags#tags',
  '/fields': 'custom-fields',
  '/settings': 'settings#workspace',
  '/settings/members': 'settings#members',
  '/settings/tokens': 'settings#tokens',
  '/settings/sessions': 'settings#sessions-and-password',
  '/settings/mappings': 'columns#save-a-mapping',
  '/settings/audit': 'settings#audit-log',
  '/settings/workspaces': 'settings#workspaces',
};

test('each page of the app leads to the page of the guide that is about it', async () => {
  const page = await world.ownersPage();
  const pointers: Record<string, string | null> = {};
  for (const address of Object.keys(ABOUT)) {
    await page.goto(address);
    const pointer = await page.getByRole('link', { name: 'How this works' }).getAttribute('href');
    pointers[address] = pointer?.replace('/help/', '') ?? null;
  }
  expect(pointers).toEqual(ABOUT);
});

test('each step of an import leads to the page of the guide that is about it', async () => {
  const page = await world.ownersPage();
  await upload(
    page,
    'advocates',
    csv('two.csv', 'Name,Email\nAnna,anna@example.com\nBen,ben@@example.com\n'),
  );
  const helps = async (title: string) => {
    const guide = await guideOf(page);
    await guide.getByRole('heading', { name: title, level: 1, exact: true }).waitFor();
    await guide.close();
  };
  await helps('Columns and mappings');
  await toOptions(page);
  await helps('Choose the options');
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByRole('link', { name: 'Go on' }).waitFor();
  await helps('Check and review');
  await page.getByRole('link', { name: 'Go on' }).click();
  await heading(page, 'Confirm').waitFor();
  await helps('Check and review');
  await page.getByRole('button', { name: 'Import 1 advocate' }).click();
  await heading(page, 'Report').waitFor();
  await helps('Read the report');
  await page.getByRole('link', { name: 'See the new advocates' }).click();
  await page.getByRole('link', { name: 'Anna' }).click();
  await heading(page, 'Anna').waitFor();
  await helps('People');
});

test('a part of a page is gone to at once', async () => {
  const page = await world.ownersPage();
  await page.goto('/settings/tokens');
  const guide = await guideOf(page);
  await expect
    .poll(() => guide.evaluate(() => document.getElementById('tokens')?.getBoundingClientRect().top))
    .toBeLessThan(100);
});

test.each([1280, 390])(
  'pictures say what they show, and shift nothing when they come, at %i',
  async (width) => {
    const page = await world.ownersPage({ viewport: { width, height: 844 } });
    for (const name of ['first-import', 'review', 'imports']) {
      await page.goto(`/help/${name}`);
      const pictures = page.locator('main img');
      await pictures.first().waitFor();
      for (const picture of await pictures.all()) {
        const before = await picture.boundingBox();
        await picture.scrollIntoViewIfNeeded();
        await expect
          .poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth))
          .toBeGreaterThan(0);
        const box = await picture.boundingBox();
        expect(box?.height).toBe(before?.height);
        expect(box?.width).toBeLessThanOrEqual(width);
        expect((await picture.getAttribute('alt'))?.length).toBeGreaterThan(30);
      }
    }
  },
);

test.each([
  ['light', 1280],
  ['dark', 390],
] as const)('the guide is for everybody, %s at %i', async (colorScheme, width) => {
  const page = await world.ownersPage({ colorScheme, viewport: { width, height: 844 } });
  for (const name of ['', '/matches', '/server', '/review']) {
    await page.goto(`/help${name}`);
    await page.locator('main table, main pre').first().waitFor();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});
