// `make bench-web`: what the pages weigh and how smoothly a review of 50,000 rows is scrolled, filtered and corrected. It prints
// figures and judges nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CDPSession, Page } from 'playwright-core';
import { test } from 'vitest';
import { listOf, ownersPages, Program } from '../tests/drafts';
import { World } from '../tests/world';

const program = new Program();
const world = new World(program.prepare);
const ownersPage = ownersPages(world);
const DIST = join(import.meta.dirname, '../dist');
const ROWS = 50_000;
const say = (what: string, ...figures: string[]) => console.log(`${what.padEnd(46)}${figures.join('  ')}`);
const kB = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
const MB = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

/** Notes what the page was held up by, and what moved under its reader. */
const WATCH = `
  window.longest = 0; window.moved = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => { window.longest = Math.max(window.longest, duration); }))
    .observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach(({ value, hadRecentInput }) => { if (!hadRecentInput) window.moved += value; }))
    .observe({ type: 'layout-shift', buffered: true });
`;

type Watched = { longest: number; moved: number };

/** The longest task since the last time; browsers tell of none below 50 ms. */
async function longest(page: Page): Promise<string> {
  await page.waitForTimeout(300);
  const { longest: task } = await page.evaluate(() => {
    const watched = window as unknown as Watched;
    const was = { longest: watched.longest, moved: watched.moved };
    watched.longest = 0;
    return was;
  });
  return task === 0 ? 'longest task below 50 ms' : `longest task ${task.toFixed(0)} ms`;
}

async function heap(tools: CDPSession): Promise<number> {
  await tools.send('HeapProfiler.collectGarbage');
  const { metrics } = await tools.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
}

test('what the pages weigh', () => {
  const assets = readdirSync(join(DIST, 'assets')).filter((name) => /\.(js|css)$/.test(name));
  const packed = (name: string) => gzipSync(readFileSync(join(DIST, 'assets', name)), { level: 9 }).length;
  const document = readFileSync(join(DIST, 'index.html'), 'utf8');
  const shell = assets.filter((name) => document.includes(name));
  const sum = (ending: string) =>
    kB(shell.filter((name) => name.endsWith(ending)).reduce((all, name) => all + packed(name), 0));
  say('every page, gzipped', `${sum('.js')} of JavaScript, ${sum('.css')} of styles`);
  const others = assets.filter((name) => !shell.includes(name)).sort((a, b) => packed(b) - packed(a));
  for (const name of others.slice(0, 6))
    say(`  when needed: ${name.replace(/-[\w-]{8}\./, '.')}`, kB(packed(name)));
});

test('how soon a page is there', async () => {
  for (const address of ['/', '/imports', '/advocates', '/settings/members']) {
    const page = await ownersPage();
    await page.addInitScript(WATCH);
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    const [painted, moved] = await page.evaluate(() => {
      const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
      return [paint, (window as unknown as Watched).moved];
    });
    say(
      `${address} with nothing kept`,
      `first content ${painted.toFixed(0)} ms`,
      `layout shift ${moved.toFixed(3)}`,
    );
    await page.context().close();
  }
});

test('a review of 50,000 rows', async () => {
  const line = (row: number) =>
    `Person ${row},${row % 50 === 0 ? `bad${row}@@example.com` : `p${row}@example.com`},Head of Things,Company ${row % 900},Berlin,Retail,Convoke,C-${row}`;
  const header = 'Name,Email,Title,Company,Position,Industry,Product,External Contact ID';
  const id = await program.ready(listOf(ROWS, line, header), 'advocates');
  const page = await ownersPage();
  await page.addInitScript(WATCH);
  const tools = await page.context().newCDPSession(page);
  await tools.send('Performance.enable');
  const grid = page.getByRole('grid');

  const begun = performance.now();
  await page.goto(`/imports/${id}/review`);
  await grid.getByText('Person 3', { exact: true }).waitFor();
  say(
    'opened',
    `rows after ${(performance.now() - begun).toFixed(0)} ms`,
    await longest(page),
    MB(await heap(tools)),
  );

  await grid.getByText('Person 3', { exact: true }).hover();
  for (let turns = 0; turns < 150; turns += 1) {
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(16);
  }
  say('scrolled by 60,000 pixels', await longest(page), MB(await heap(tools)));

  for (let jumps = 0; jumps < 40; jumps += 1) {
    const share = ((jumps * 7919) % ROWS) / ROWS;
    await grid.evaluate((element, share) => {
      const scrolled = [...element.querySelectorAll('*')].find((it) => it.scrollHeight > 2 * it.clientHeight);
      if (scrolled) scrolled.scrollTop = scrolled.scrollHeight * share;
    }, share);
    await page.waitForTimeout(80);
  }
  say('jumped to 40 places', await longest(page), MB(await heap(tools)));

  await page.getByRole('button', { name: /^Needs a look/ }).click();
  await grid.getByText('bad0@@example.com').waitFor();
  await page.getByRole('button', { name: /^All/ }).click();
  await grid.getByText('Person 3', { exact: true }).waitFor();
  await page.getByLabel('Search the rows').pressSequentially('person 31337', { delay: 40 });
  await grid.getByText('Person 31337').waitFor();
  await page.getByLabel('Search the rows').fill('');
  await grid.getByText('Person 3', { exact: true }).waitFor();
  say('filtered and searched', await longest(page), MB(await heap(tools)));

  await page.getByRole('button', { name: /^Needs a look/ }).click();
  for (const row of [0, 50, 100]) {
    await grid.getByText(`bad${row}@@example.com`, { exact: true }).dblclick();
    await page.keyboard.press('Control+A');
    await page.keyboard.type(`good${row}@example.com`);
    await page.keyboard.press('Enter');
    await page.getByText(`good${row}@example.com`).first().waitFor();
    await page.getByText('Fine now').waitFor();
  }
  say('corrected three cells', await longest(page), MB(await heap(tools)));
});
