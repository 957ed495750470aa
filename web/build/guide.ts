// The user guide of docs/guide as pages of the app, and behind it the tables it points to: `virtual:guide` lists them, and each
// is a module of its own, so that a page is loaded when somebody opens it. Links between pages stay inside the app, pictures are
// files of the build. What points to a page or a picture that is not there stops the build.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import type { Plugin } from 'vite';

const DOCS = join(import.meta.dirname, '../../docs');
const PICTURES = join(DOCS, 'images/guide');
/** Pictures have this many dots a pixel of the page they show (web/screenshots/guide.test.ts). */
const DOTS = 2;
const LIST = 'virtual:guide';
const PAGE = 'virtual:guide/';
const FIRST = 'README';
/** Pages beside the guide that it points to. */
const TABLES = ['messages', 'headers', 'states', 'permissions'];
const TABLES_PART = 'Tables';

const pathOf = (page: string) =>
  TABLES.includes(page) ? join(DOCS, `${page}.md`) : join(DOCS, 'guide', `${page}.md`);

const names = () => [
  ...readdirSync(join(DOCS, 'guide'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.replace('.md', '')),
  ...TABLES,
];

const anchor = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number} -]/gu, '')
    .replaceAll(' ', '-');

/** The page of the app behind a link of the guide; undefined: it has none. */
function target(href: string): string | undefined {
  const [, page, hash = ''] = /^(?:\.\.\/|guide\/)?([A-Za-z-]+)\.md(#.*)?$/.exec(href) ?? [];
  if (!page || !names().includes(page)) return undefined;
  return `/help${page === FIRST ? '' : `/${page}`}${hash}`;
}

/** Stands in a rendered page where the address of a picture goes. */
const PLACE_OF_PICTURE = /%picture:([a-z-]+\.png)%/g;

/** A picture at its size, so that nothing shifts when it comes; pressed, it is seen by itself, which helps on a phone. */
function picture(src: string, alt: string): string {
  const name = /^\.\.\/images\/guide\/([a-z-]+\.png)$/.exec(src)?.[1];
  if (!name) throw new Error(`${src} is no picture of docs/images/guide`);
  const png = readFileSync(join(PICTURES, name));
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)].map((dots) => Math.round(dots / DOTS));
  const address = `%picture:${name}%`;
  return (
    `<a class="guide-picture" href="${address}" target="_blank" rel="noopener">` +
    `<img src="${address}" alt="${alt}" width="${width}" height="${height}" loading="lazy" decoding="async"></a>`
  );
}

function renderer() {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
  const { rules } = markdown.renderer;
  rules.heading_open = (tokens, index, options, _env, self) => {
    const inline = tokens[index + 1];
    tokens[index]?.attrSet('id', anchor(inline?.content ?? ''));
    return self.renderToken(tokens, index, options);
  };
  // Wide tables and long lines of code are scrolled in themselves, also by keys.
  rules.table_open = () => '<div class="guide-table" role="region" aria-label="Table" tabindex="0"><table>';
  rules.table_close = () => '</table></div>';
  // How a column stands is said by an attribute: the policy of the page takes no style.
  for (const cell of ['th_open', 'td_open'] as const) {
    rules[cell] = (tokens, index, options, _env, self) => {
      const token = tokens[index];
      const isAtEnd = String(token?.attrGet('style') ?? '').includes('right');
      if (token) token.attrs = isAtEnd ? [['data-end', '']] : null;
      return self.renderToken(tokens, index, options);
    };
  }
  rules.fence = (tokens, index) =>
    `<pre tabindex="0"><code>${markdown.utils.escapeHtml(tokens[index]?.content ?? '')}</code></pre>`;
  rules.image = (tokens, index) => {
    const token = tokens[index];
    return picture(String(token?.attrGet('src') ?? ''), markdown.utils.escapeHtml(token?.content ?? ''));
  };
  let isLink = true;
  rules.link_open = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    const href = String(token?.attrGet('href') ?? '');
    const to = href.startsWith('#') ? href : target(href);
    isLink = to !== undefined || href.startsWith('http');
    // What is only in the repository has no page here: its name stays.
    if (!isLink) return '<span>';
    if (to) token?.attrSet('href', to);
    else token?.attrSet('rel', 'noreferrer noopener');
    return self.renderToken(tokens, index, options);
  };
  rules.link_close = () => (isLink ? '</a>' : '</span>');
  return markdown;
}

/** Pages in the order of the guide's first page, each with the part it is listed under there. */
function listed(): { page: string; title: string; part: string }[] {
  const first = readFileSync(pathOf(FIRST), 'utf8');
  const parts = new Map<string, string>();
  let part = '';
  for (const line of first.split('\n')) {
    part = /^\*\*(.*)\*\*$/.exec(line)?.[1] ?? part;
    const page = /^\| \[.*?\]\(([a-z-]+)\.md\)/.exec(line)?.[1];
    if (page) parts.set(page, part);
  }
  for (const page of TABLES) parts.set(page, TABLES_PART);
  const order = [FIRST, ...parts.keys()];
  const unlisted = names().filter((page) => !order.includes(page));
  if (unlisted.length > 0) throw new Error(`docs/guide/README.md does not list ${unlisted.join(', ')}`);
  return order.map((page) => ({
    page,
    title: /^# (.*)$/m.exec(readFileSync(pathOf(page), 'utf8'))?.[1] ?? page,
    part: parts.get(page) ?? '',
  }));
}

/** Pictures that no page shows would be in every build for nothing. */
function expectAllShown() {
  const pages = names().map((page) => readFileSync(pathOf(page), 'utf8'));
  const unshown = readdirSync(PICTURES).filter(
    (picture) => !pages.some((page) => page.includes(`/images/guide/${picture})`)),
  );
  if (unshown.length > 0) throw new Error(`no page of the guide shows ${unshown.join(', ')}`);
}

/** A rendered page as a module, which imports its pictures. */
function asModule(html: string): string {
  const pictures = [...new Set([...html.matchAll(PLACE_OF_PICTURE)].map(([, name]) => name ?? ''))];
  const imports = pictures.map(
    (name, at) => `import picture${at} from ${JSON.stringify(join(PICTURES, name))};\n`,
  );
  const text = JSON.stringify(html).replaceAll(
    PLACE_OF_PICTURE,
    (_, name) => `" + picture${pictures.indexOf(name)} + "`,
  );
  return `${imports.join('')}export default ${text};`;
}

function pages(): Plugin {
  const markdown = renderer();
  return {
    name: 'guide',
    buildStart: expectAllShown,
    resolveId: (id) => (id === LIST || id.startsWith(PAGE) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${LIST}`) {
        const entries = listed().map(
          (entry) => `{ ...${JSON.stringify(entry)}, load: () => import('${PAGE}${entry.page}') }`,
        );
        return `export default [${entries.join(',\n')}];`;
      }
      if (id.startsWith(`\0${PAGE}`)) {
        const path = pathOf(id.slice(PAGE.length + 1));
        this.addWatchFile(path);
        return asModule(markdown.render(readFileSync(path, 'utf8')));
      }
      return undefined;
    },
  };
}

/** Whether a page of the guide is there, and on it the heading that stands behind `#`. */
function isThere(pointer: string): boolean {
  const [page = '', hash] = pointer.split('#');
  if (!names().includes(page)) return false;
  const titles = readFileSync(pathOf(page), 'utf8').matchAll(/^#+ (.*)$/gm);
  return hash === undefined || [...titles].some(([, title = '']) => anchor(title) === hash);
}

/** What a page of the app calls its page of the guide is there. */
function pointers(): Plugin {
  return {
    name: 'guide-pointers',
    // Before anything is made of the source.
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('.tsx')) return;
      for (const [said, pointer = ''] of code.matchAll(/\bhelp="([^"]*)"/g)) {
        if (!isThere(pointer)) this.error(`${said} leads nowhere in docs/guide`);
      }
    },
  };
}

export const guide = (): Plugin[] => [pages(), pointers()];
