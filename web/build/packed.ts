// Behind a build: each file that gains by it gets a packed copy beside it, and `sources.sha256` says which sources the pages were
// built from. A release build of the server refuses pages of other sources (crates/server/build.rs).
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const PROJECT = join(import.meta.dirname, '../..');
/** Everything that the pages are made of; crates/server/build.rs has the same list. */
const SOURCES = [
  'docs/guide',
  'docs/headers.md',
  'docs/images/guide',
  'docs/messages.md',
  'docs/permissions.md',
  'docs/states.md',
  'samples',
  'web/build',
  'web/index.html',
  'web/package-lock.json',
  'web/postcss.config.mjs',
  'web/public',
  'web/src',
  'web/tsconfig.json',
  'web/vite.config.ts',
];
const PACKS = /\.(js|css|html|svg|csv|json|txt)$/;

function files(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => files(join(path, name)));
}

/** The digest of names and contents, in the order of the names. */
export function digest(): string {
  const all = SOURCES.flatMap((source) => files(join(PROJECT, source))).map((path) =>
    relative(PROJECT, path),
  );
  const hash = createHash('sha256');
  for (const name of all.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
    const content = readFileSync(join(PROJECT, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

export function packed(): Plugin {
  let folder = '';
  return {
    name: 'packed',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const path of files(folder).filter((name) => PACKS.test(name))) {
        const content = readFileSync(path);
        const gzip = gzipSync(content, { level: 9 });
        if (gzip.length < content.length) writeFileSync(`${path}.gz`, gzip);
      }
      writeFileSync(join(folder, 'sources.sha256'), digest());
    },
  };
}
