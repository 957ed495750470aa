import { expect, test } from 'vitest';
import { expectAccessible } from './axe';
import {
  csv,
  decide,
  draftOf,
  expectChoices,
  expectToFit,
  heading,
  inTheme,
  line,
  toOptions,
  upload,
} from './flow';
import { sample, World } from './world';

const world = new World((server) => {
  server.command('fields', 'add', 'Tier', '--as', 'advocates', '--type', 'single_select', '--option', 'Gold');
});

const isFocused = (element: Element) => element === document.activeElement;

const PEOPLE = 'Name,Email,Shoe size\nAnna Lee,anna@example.com,38\nBen Okafor,ben@example.com,44\n';

test('a column that nobody decided about stops the way on, by its name, until it is left out', async () => {
  const page = await world.ownersPage();
  await upload(page, 'advocates', csv('shoes.csv', PEOPLE));
  await page.getByRole('button', { name: 'Next: options' }).click();
  await page.getByRole('alert').filter({ hasText: 'Say what “Shoe size” (column C) is.' }).waitFor();
  const first = line(page, 'Shoe size').getByRole('button').first();
  await expect.poll(() => first.evaluate(isFocused)).toBe(true);
  expect(await page.getByRole('list', { name: 'Columns' }).locator('> li').first().textContent()).toContain(
    'Shoe size',
  );
  await line(page, 'Shoe size').getByRole('button', { name: 'Leave out' }).click();
  await page.getByText('Every column is decided').waitFor();
  expect((await draftOf(page)).choices.ignore).toEqual(['Shoe size']);
  await decide(page, 'Shoe size', 'Title');
  await expectChoices(page, { map: { 'Shoe size': 'Title' } });
  expect((await draftOf(page)).choices.ignore ?? []).toEqual([]);
  await toOptions(page);
});

test('a field that has to be there and two columns that are the same are named', async () => {
  const page = await world.ownersPage();
  await upload(
    page,
    'prospects',
    csv('contacts.csv', 'Name,Where to write,E-mail 2\nAnna,anna@example.com,a@example.com\n'),
  );
  await page.getByText(/^No column is the Email yet, and every prospect needs one\./).waitFor();
  await page.getByText('2 columns to decide').waitFor();
  await decide(page, 'Where to write', 'Email');
  await decide(page, 'E-mail 2', 'Email');
  await page.getByText('B and C are both Email: leave one of them out.').waitFor();
  await page.getByText('More than one column is Email').waitFor();
  await page.getByRole('button', { name: 'Next: options' }).click();
  await expect.poll(() => line(page, 'Where to write').evaluate(isFocused)).toBe(true);
  await decide(page, 'E-mail 2', 'Leave out');
  await page.getByText('All columns are clear.').waitFor();
});

test('a header without rows is said, and leads no further than to another file', async () => {
  const page = await world.ownersPage();
  await upload(page, 'advocates', csv('bare.csv', 'Name,Email\n'));
  await page.getByText('This list has no rows below its header', { exact: true }).waitFor();
  expect(await page.getByText('Every column is decided').count()).toBe(0);
  await expectAccessible(page);
  await inTheme(page, 'dark');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Next: options' }).click();
  expect(await heading(page, 'Columns').isVisible()).toBe(true);
  await page.getByRole('link', { name: 'Other file', exact: true }).click();
  await heading(page, 'Import advocates').waitFor();
});

test('all suggestions are accepted at once', async () => {
  const page = await world.ownersPage();
  await upload(page, 'advocates', csv('typos.csv', 'Nmae,Emial adress,Compny\nAnna,anna@example.com,Lee\n'));
  const accept = page.getByRole('button', { name: /^Accept \d suggestions?$/ });
  await accept.click();
  await accept.waitFor({ state: 'hidden' });
  expect((await draftOf(page)).choices.map).toMatchObject({ 'Emial adress': 'Email' });
});

test('a custom field is made on the way, and its column is that field', async () => {
  const page = await world.ownersPage();
  await upload(page, 'advocates', csv('shoes-2.csv', PEOPLE));
  await line(page, 'Shoe size').getByRole('button', { name: 'Make a custom field' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make a custom field' });
  expect(await dialog.getByLabel('Name').inputValue()).toBe('Shoe size');
  expect(await dialog.getByRole('combobox', { name: 'What it holds' }).inputValue()).toBe('Number');
  await dialog.getByLabel('Name').fill('tier');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Name').fill('Shoes');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await expectChoices(page, { map: { 'Shoe size': 'Shoes' } });
  await page.getByText('Every column is decided').waitFor();
});

test('the options of a new select are what the whole file holds', async () => {
  const page = await world.ownersPage();
  const sizes = ['Small', 'small', 'Large', 'Small', 'Huge', '', 'Tiny'];
  const text = `Name,Email,Size\n${sizes.map((size, row) => `P${row},size${row}@example.com,${size}`).join('\n')}\n`;
  await upload(page, 'prospects', csv('sizes.csv', text));
  await line(page, 'Size').getByRole('button', { name: 'Make a custom field' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make a custom field' });
  await dialog.getByRole('combobox', { name: 'What it holds' }).click();
  await page.getByRole('option', { name: 'One of several options' }).click();
  for (const option of ['Small', 'Large', 'Huge', 'Tiny']) {
    await dialog.getByText(option, { exact: true }).waitFor();
  }
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('Every column is decided').waitFor();
});

test('columns that mean nothing here become custom fields in one deed', async () => {
  const page = await world.ownersPage();
  const text =
    'Name,Email,Favourite fruit,Height,Likes\nAnna,fruit@example.com,Pear,170,tea\nBen,height@example.com,Fig,180,milk\n';
  await upload(page, 'advocates', csv('fruit.csv', text));
  await page.getByRole('button', { name: 'Make 3 custom fields' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make 3 custom fields?' });
  expect(await dialog.getByRole('listitem').allInnerTexts()).toEqual([
    'Favourite fruit · Text',
    'Height · Number',
    'Likes · Text',
  ]);
  await dialog.getByRole('button', { name: 'Make them' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('Every column is decided').waitFor();
  await expectChoices(page, {
    map: { 'Favourite fruit': 'Favourite fruit', Height: 'Height', Likes: 'Likes' },
  });
});

test('a mapping is saved by name and decides the next file', async () => {
  const page = await world.ownersPage();
  const text = (name: string) => csv(name, `Who,Reach at,Colour\nAnna,${name}@example.com,red\n`);
  await upload(page, 'prospects', text('first.csv'));
  await decide(page, 'Who', 'Name');
  await decide(page, 'Reach at', 'Email');
  await decide(page, 'Colour', 'Leave out');
  await page.getByRole('button', { name: 'Save this mapping' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save this mapping' });
  await dialog.getByLabel('Name').fill('Fair list');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await upload(page, 'prospects', text('second.csv'));
  await page.getByRole('combobox', { name: 'Use a saved mapping' }).click();
  await page.getByRole('option', { name: 'Fair list' }).click();
  await page.getByText('Every column is decided').waitFor();
  expect((await draftOf(page)).choices.mapping).toBe('Fair list');
  await toOptions(page);
});

test('how the file is read is changed, and its columns are others', async () => {
  const page = await world.ownersPage();
  await upload(
    page,
    'advocates',
    csv('title.csv', 'Name,Email\nOur people,2026\nName;x,Email;y\nAnna,a@example.com\n'),
  );
  await page.getByText('How the file is read').click();
  await page.getByLabel('Headers stand in row').fill('3');
  await page.getByLabel('Headers stand in row').press('Enter');
  await line(page, 'Name;x').waitFor();
  await page.getByRole('combobox', { name: 'Values are separated by' }).click();
  await page.getByRole('option', { name: /^Semicolon/ }).click();
  await line(page, 'x,Email').waitFor();
  await expectChoices(page, { header_row: 3, delimiter: ';' });
  await upload(page, 'creators', sample('as-they-come/campaign-creators.xlsx'));
  await page.getByText('How the file is read').click();
  await page.getByRole('combobox', { name: 'Sheet' }).waitFor();
  expect(await page.getByRole('combobox', { name: 'Letters are written as' }).count()).toBe(0);
});

const LONG = 'A header that goes on and on '.repeat(11).slice(0, 300);
const MARKUP = '<img src=x onerror=alert(1)><script>alert(2)</script>';
const ARABIC = 'الاسم الكامل للعميل';

test('hostile headers and cells are shown as text, run nothing and break no page', async () => {
  const page = await world.ownersPage({ viewport: { width: 390, height: 844 } });
  let hasRun = false;
  page.on('dialog', (dialog) => {
    hasRun = true;
    void dialog.dismiss();
  });
  const row = `"${'x'.repeat(200_000)}","${MARKUP}",سلام 👩🏽‍🚀,Anna,anna@example.com`;
  await upload(
    page,
    'advocates',
    csv(`${MARKUP.replaceAll('/', '')}.csv`, `"${LONG}","${MARKUP}",${ARABIC},Name,Email\n${row}\n`),
  );
  await page.getByText(LONG, { exact: true }).waitFor();
  expect(await line(page, MARKUP).getByText(MARKUP).count()).toBe(2);
  await expectToFit(page);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Leave out all 3' }).click();
  await page.getByText('Every column is decided').waitFor();
  await toOptions(page);
  await expectToFit(page);
  expect(hasRun).toBe(false);
});

test('what was decided is there after a reload, and for whoever opens it from the history', async () => {
  const page = await world.ownersPage();
  await upload(page, 'advocates', csv('reload.csv', PEOPLE.replace('Anna Lee', 'Ann Lee')));
  await decide(page, 'Shoe size', 'Title');
  await page.getByText('Every column is decided').waitFor();
  await page.reload();
  await page.getByText('Every column is decided').waitFor();
  await page.goto('/imports');
  await page.getByRole('link', { name: 'reload.csv', exact: true }).click();
  await heading(page, 'Columns').waitFor();
  expect(await line(page, 'Shoe size').getByRole('combobox').inputValue()).toBe('Title');
});

test('two people at the same draft both keep what they decided, and are told', async () => {
  const page = await world.ownersPage();
  const text = 'Name,Email,Red,Green\nAnna,anna.two@example.com,1,2\n';
  await upload(page, 'advocates', csv('two.csv', text));
  const other = await world.ownersPage();
  await other.goto(page.url());
  await decide(other, 'Red', 'Title');
  await expectChoices(other, { map: { Red: 'Title' } });
  await decide(page, 'Green', 'Company');
  await page.getByText('Somebody else changed this import too').waitFor();
  await expectChoices(page, { map: { Red: 'Title', Green: 'Company' } });
  await page.getByText('Every column is decided').waitFor();
});

test('an answer that comes late does not take back what was decided since', async () => {
  const page = await world.ownersPage();
  await upload(page, 'advocates', csv('late.csv', PEOPLE.replace('Anna Lee', 'Lena Lee')));
  await line(page, 'Shoe size').getByRole('button', { name: 'Leave out' }).waitFor();
  const decided = page.waitForResponse((response) => response.request().method() === 'PATCH');
  const asked = page.waitForRequest((request) => request.method() === 'GET' && /draft$/.test(request.url()));
  await page.route(/draft$/, async (route) => {
    if (route.request().method() !== 'GET') return route.continue();
    const response = await route.fetch();
    await decided;
    await route.fulfill({ response });
  });
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  await asked;
  await line(page, 'Shoe size').getByRole('button', { name: 'Leave out' }).click();
  await decided;
  await page.getByText('Every column is decided').waitFor();
  await page.waitForLoadState('networkidle');
  expect(await page.getByText('Every column is decided').isVisible()).toBe(true);
});

test('a server that is away while a column is decided is waited for', async () => {
  const page = await world.ownersPage();
  await upload(page, 'advocates', csv('away.csv', PEOPLE.replace('Anna Lee', 'Anja Lee')));
  await world.server.stop();
  await line(page, 'Shoe size').getByRole('button', { name: 'Leave out' }).click();
  await page.getByText('Convoke does not answer at the moment').waitFor();
  await world.server.start();
  await page.getByText('Every column is decided').waitFor();
  expect((await draftOf(page)).choices.ignore).toEqual(['Shoe size']);
});
