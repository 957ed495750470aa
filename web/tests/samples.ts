// What samples/README.md sets up before its lists are imported.
import { readFileSync } from 'node:fs';
import { type Server, sample } from './world';

const SETTING_UP = /^convoke (groups|fields) add .*$/gm;

/** The words of a line, with what quotes hold together. */
const words = (line: string) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

/** The groups and custom fields that the sample lists name. */
export function setUp(server: Server): void {
  for (const [line] of readFileSync(sample('README.md'), 'utf8').matchAll(SETTING_UP)) {
    server.command(...words(line).slice(1));
  }
}

export function importSample(server: Server, plural: string): void {
  server.command('import', sample(`${plural}.csv`), '--as', plural);
}
