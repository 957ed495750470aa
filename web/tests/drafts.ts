// Imports made by a program, for tests of what comes behind their upload.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { setUp } from './samples';
import { type Server, sample, type World } from './world';

type Import = { import: string; status: string; counts: Record<string, number> };
type Plural = 'advocates' | 'creators' | 'prospects';

const SCOPES = ['read', 'import', 'export', 'organise'].flatMap((scope) => ['--scope', scope]);

/** A program with a token: made while no server has the database, used when one does. */
export class Program {
  private token = '';
  private server!: Server;

  /** The groups and fields that the samples name, and the token. */
  readonly prepare = (server: Server) => {
    this.server = server;
    setUp(server);
    this.token =
      server
        .command('token', 'create', 'Tests', ...SCOPES)
        .trim()
        .split(/\s+/)
        .at(-1) ?? '';
  };

  async ask<T = Import>(method: string, path: string, body?: string | object): Promise<T> {
    const response = await fetch(`${this.server.address}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(typeof body === 'object' ? { 'content-type': 'application/json' } : {}),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** A draft of a list. */
  async draft(list: string, as: Plural, name = 'list.csv'): Promise<string> {
    const query = `as=${as}&name=${encodeURIComponent(name)}&ignore_unknown=true`;
    const { import: made } = await this.ask<{ import: Import }>('POST', `/drafts?${query}`, list);
    return made.import;
  }

  /** A draft that is ready to be reviewed. */
  async ready(list: string, as: Plural, name?: string, choices?: object): Promise<string> {
    const id = await this.draft(list, as, name);
    if (choices) await this.ask('PATCH', `/imports/${id}/draft`, choices);
    await this.ask('POST', `/imports/${id}/check`);
    await this.until(id, 'ready');
    return id;
  }

  /** The same of a file of the samples. */
  readySample = (file: string, as: Plural) =>
    this.ready(readFileSync(sample(file), 'utf8'), as, basename(file));

  /** Follows an import until it is in a state. */
  async until(id: string, state: string): Promise<void> {
    const response = await fetch(`${this.server.address}/api/v1/imports/${id}/events`, {
      headers: { authorization: `Bearer ${this.token}` },
    });
    let said = '';
    const words = new TextDecoder();
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      said += words.decode(part, { stream: true });
      if (said.includes(`"status":"${state}"`)) return;
    }
    throw new Error(`${id} never was ${state}: ${said.slice(-500)}`);
  }

  /** Everything, from the list to the end of its import. */
  async imported(list: string, as: Plural, name?: string): Promise<string> {
    const id = await this.ready(list, as, name);
    const { plan } = await this.ask<{ plan: string }>('GET', `/imports/${id}/plan`);
    await this.ask('POST', `/imports/${id}/confirm`, { plan });
    await this.until(id, 'completed');
    return id;
  }
}

/** A list of so many people. */
export const listOf = (rows: number, line: (row: number) => string, header = 'Name,Email') =>
  `${header}\n${Array.from({ length: rows }, (_, row) => line(row)).join('\n')}\n`;

/** Pages of the owner, who signs in once. */
export function ownersPages(world: World) {
  let state: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;
  return async (options: Parameters<World['page']>[0] = {}): Promise<Page> => {
    if (state) return world.page({ ...options, storageState: state });
    const page = await world.ownersPage(options);
    state = await page.context().storageState();
    return page;
  };
}
