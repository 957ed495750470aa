// A network as on a train: everything works, and nobody looks at a page that says nothing.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { listOf } from './drafts';
import { csv, heading, toOptions } from './flow';
import { World } from './world';

const world = new World();

/** 400 kbit/s, and 400 ms for each way there and back. */
async function slowly(page: Page): Promise<void> {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 400,
    downloadThroughput: 50_000,
    uploadThroughput: 50_000,
  });
}

test('an import over a slow network shows how far it is, and ends', async () => {
  const page = await world.ownersPage();
  await slowly(page);
  page.setDefaultTimeout(40_000);
  await page.goto('/imports/new/prospects');
  await heading(page, 'Import prospects').waitFor();
  const list = listOf(6_000, (row) => `Person ${row},person${row}@example.com`);
  await page.getByLabel('Drop a file here, or choose one').setInputFiles(csv('slow.csv', list));
  // A fifth of a megabyte takes some seconds, and each of them is shown.
  const shares = new Set<string>();
  const bar = page.getByRole('progressbar');
  await bar.waitFor();
  while (await bar.isVisible()) {
    shares.add(
      await page
        .getByText(/ of .*B$/)
        .innerText({ timeout: 1_000 })
        .catch(() => ''),
    );
    await page.waitForTimeout(200);
  }
  expect(shares.size).toBeGreaterThan(3);
  await heading(page, 'Columns').waitFor();
  await toOptions(page);
  await page.keyboard.press('Enter');
  await page.getByText('6,000 new').first().waitFor();
  await page.getByRole('grid').getByText('Person 3', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Go on' }).click();
  const begin = page.getByRole('button', { name: 'Import 6,000 prospects' });
  await begin.click();
  // The answer takes its time; a second press could not do anything, and is not offered.
  expect(await begin.isDisabled()).toBe(true);
  await heading(page, 'Report').waitFor();
  await page.getByRole('heading', { name: '6,000 prospects imported.' }).waitFor();
}, 180_000);
