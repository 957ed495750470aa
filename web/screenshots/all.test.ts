// `make screenshots`: every page and state with the data of the samples, in light, dark and on a phone, below target/screenshots.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { everywhere, goTo } from '../tests/places';

const FOLDER = join(import.meta.dirname, '../../target/screenshots');
const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
} as const;
type Look = keyof typeof LOOKS;

const { world, ownersPage, all } = everywhere();

for (const look of Object.keys(LOOKS) as Look[]) {
  test(`screenshots, ${look}`, async () => {
    mkdirSync(join(FOLDER, look), { recursive: true });
    const outside = await world.page(LOOKS[look]);
    await outside.goto('/sign-in');
    await outside.getByLabel('E-mail').waitFor();
    await outside.screenshot({ path: join(FOLDER, look, 'sign-in.png') });
    const page = await ownersPage(LOOKS[look]);
    for (const place of all) {
      await goTo(page, place);
      await page.screenshot({ path: join(FOLDER, look, `${place.name}.png`), fullPage: true });
    }
  }, 300_000);
}
