// Whether a page can be used by everybody, as far as a program can tell: WCAG 2.2, A and AA.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Looks at the page as it is now; colours that are still on their way are waited for. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.allSettled(document.getAnimations().map((animation) => animation.finished)),
  );
  // By the browser's own tools, which the policy of the page does not hold back.
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate(
    `axe.run({ runOnly: ${JSON.stringify(RULES)} })`,
  )) as AxeResults;
  const told = violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `  ${html.slice(0, 300)}\n  ${failureSummary}`).join('\n')}`,
  );
  expect(told, page.url()).toEqual([]);
}
