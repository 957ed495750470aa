// The user guide of docs/guide as pages of the app: `virtual:guide` lists them, and each is a module of its own, so that a
// page is loaded when somebody opens it. Links between pages stay inside the app.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import type { Plugin } from 'vite';

const FOLDER = join(import.meta.dirname, '../../docs/guide');
const LIST = 'virtual:guide';
const PAGE = 'virtual:guide/';

const anchor = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number} -]/gu, '')
    .replaceAll(' ', '-');

function renderer() {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
  markdown.renderer.rules.heading_open = (tokens, index, options, _env, self) => {
    const inline = tokens[index + 1];
    tokens[index]?.attrSet('id', anchor(inline?.content ?? ''));
    return self.renderToken(tokens, index, options);
  };
  markdown.renderer.rules.link_open = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    const to = String(token?.attrGet('href') ?? '');
    if (/^[a-z-]+\.md(#.*)?$/.test(to)) {
      token?.attrSet('href', `/help/${to.replace('.md', '').replace(/^README/, '')}`);
    } else if (!to.startsWith('#') && !to.startsWith('http')) {
      // What is only in the repository has no page here.
      token?.attrSet('href', '#');
      token?.attrSet('data-elsewhere', to);
    }
    return self.renderToken(tokens, index, options);
  };
  return markdown;
}

export function guide(): Plugin {
  const markdown = renderer();
  const names = () => readdirSync(FOLDER).filter((name) => name.endsWith('.md'));
  return {
    name: 'guide',
    resolveId: (id) => (id === LIST || id.startsWith(PAGE) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${LIST}`) {
        const entries = names().map((name) => {
          const page = name.replace('.md', '');
          const title = /^# (.*)$/m.exec(readFileSync(join(FOLDER, name), 'utf8'))?.[1] ?? page;
          return `{ page: ${JSON.stringify(page)}, title: ${JSON.stringify(title)}, load: () => import('${PAGE}${page}') }`;
        });
        return `export default [${entries.join(',\n')}];`;
      }
      if (id.startsWith(`\0${PAGE}`)) {
        const path = join(FOLDER, `${id.slice(PAGE.length + 1)}.md`);
        this.addWatchFile(path);
        return `export default ${JSON.stringify(markdown.render(readFileSync(path, 'utf8')))};`;
      }
      return undefined;
    },
  };
}
