// The first steps of an import, as the tests of the flow go through them.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { components } from '../src/api/schema';

export type Draft = components['schemas']['Draft'];
export type File = { name: string; mimeType: string; buffer: Buffer };

export const csv = (name: string, text: string): File => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(text),
});

/** Chooses a file, and waits for nothing. */
export async function choose(page: Page, plural: string, file: File | string): Promise<void> {
  await page.goto(`/imports/new/${plural}`);
  await page.getByLabel('Drop a file here, or choose one').setInputFiles(file);
}

export const heading = (page: Page, name: string) =>
  page.getByRole('heading', { name, exact: true, level: 1 });

/** Chooses a file and is at its columns. */
export async function upload(page: Page, plural: string, file: File | string): Promise<void> {
  await choose(page, plural, file);
  await heading(page, 'Columns').waitFor();
}

export const idOf = (page: Page) => new URL(page.url()).pathname.split('/')[2] ?? '';

/** The draft as the server has it. */
export async function draftOf(page: Page): Promise<Draft> {
  const response = await page.request.get(`/api/v1/imports/${idOf(page)}/draft`);
  expect(response.ok()).toBe(true);
  return response.json() as Promise<Draft>;
}

/** Waits until the server's draft is as a test expects. */
export const expectChoices = (page: Page, choices: Partial<Draft['choices']>) =>
  expect.poll(async () => (await draftOf(page)).choices, { timeout: 30_000 }).toMatchObject(choices);

/** The line of a column, by its header. */
export const line = (page: Page, header: string) =>
  page
    .getByRole('list', { name: 'Columns' })
    .locator('> li')
    .filter({ has: page.getByText(header, { exact: true }) });

/** Says what a column is. */
export async function decide(page: Page, header: string, what: string): Promise<void> {
  await line(page, header).getByRole('combobox').click();
  await page.getByRole('option', { name: what, exact: true }).click();
}

export async function toOptions(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Next: options' }).click();
  await heading(page, 'Options').waitFor();
}

/** Nothing is wider than the window. */
export async function expectToFit(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(over).toBeLessThanOrEqual(0);
}

/** Shows the page dark, or light again. */
export const inTheme = (page: Page, colorScheme: 'light' | 'dark') => page.emulateMedia({ colorScheme });
