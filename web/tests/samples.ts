// The sample lists, and what samples/README.md sets up before they are imported.
import { readFileSync } from 'node:fs';
import { type Server, sample } from './world';

const SETTING_UP = /^convoke (?:groups|fields) add .*$/gm;

/** The words of a line, with what quotes hold together. */
const words = (line: string) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

/** The groups and custom fields that the sample lists name. */
export function setUp(server: Server): void {
  for (const [line] of readFileSync(sample('README.md'), 'utf8').matchAll(SETTING_UP)) {
    server.command(...words(line).slice(1));
  }
}

/** Imports `creators`, or `creators-real-life`. */
export function importSample(server: Server, list: string): void {
  server.command('import', sample(`${list}.csv`), '--as', list.split('-')[0] ?? '');
}
