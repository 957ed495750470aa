// What has to hold on every page and in every state: WCAG 2.2 A and AA in both themes, nothing wider than a phone, and a page
// that says where it is.
import { expect, test } from 'vitest';
import { expectAccessible } from './axe';
import { expectToFit, inTheme } from './flow';
import { everywhere, goTo, type Place } from './places';

const { world, ownersPage, all } = everywhere();

/** What is wrong anywhere, by the name of the place: one test shows all of it. */
async function expectEverywhere(visit: (place: Place) => Promise<void>): Promise<void> {
  const wrong: string[] = [];
  for (const place of all) {
    await visit(place).catch((error: Error) => wrong.push(`${place.name}: ${error.message}`));
  }
  expect(wrong.join('\n\n')).toBe('');
}

test('every page and state is accessible in both themes and has a title of its own', async () => {
  const page = await ownersPage();
  await expectEverywhere(async (place) => {
    await inTheme(page, 'light');
    await goTo(page, place);
    expect(await page.title(), place.name).toMatch(/\S · Convoke$/);
    await expectAccessible(page);
    await inTheme(page, 'dark');
    await expectAccessible(page);
  });
}, 600_000);

test('every page and state fits a phone and is accessible there', async () => {
  const page = await ownersPage({ viewport: { width: 360, height: 740 }, hasTouch: true });
  await expectEverywhere(async (place) => {
    await goTo(page, place);
    await expectToFit(page);
    await expectAccessible(page);
  });
}, 600_000);

test('the doors are accessible in both themes', async () => {
  const page = await world.page();
  for (const address of ['/sign-in', '/invitation#not-a-secret', '/first-owner#not-a-secret']) {
    await page.goto(address);
    await page.getByRole('button').first().waitFor();
    for (const theme of ['light', 'dark'] as const) {
      await inTheme(page, theme);
      await expectAccessible(page);
    }
  }
});
