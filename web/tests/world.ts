// The real executable on a fresh database, and a real browser before it. CONVOKE_PROGRAM names another executable.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

const PROJECT = join(import.meta.dirname, '../..');
const PROGRAM =
  process.env.CONVOKE_PROGRAM ??
  join(process.env.CARGO_TARGET_DIR ?? join(PROJECT, 'target'), 'debug/convoke');
// Where Debian and Ubuntu put it.
const CHROMIUM =
  process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));

export const OWNER = {
  name: 'Olivia Owner',
  email: 'olivia@example.com',
  password: 'tulips behind a quiet barn',
};

export const sample = (name: string) => join(PROJECT, 'samples', name);

/** A server on a database of its own. */
export class Server {
  readonly folder = mkdtempSync(join(tmpdir(), 'convoke-web-'));
  address = '';
  firstOwner = '';
  /** Whether somebody can sign in already: then nobody is offered to be the first owner. */
  hasMembers = false;
  private child: ChildProcess | undefined;

  /** The command line on its database, before the server has it to itself. */
  command(...words: string[]): string {
    const done = spawnSync(PROGRAM, ['--db', join(this.folder, 'convoke.db'), ...words], {
      encoding: 'utf8',
    });
    if (done.status !== 0 && done.status !== 1) throw new Error(`convoke ${words.join(' ')}: ${done.stderr}`);
    if (words[0] === 'member') this.hasMembers = true;
    return done.stdout;
  }

  /** Starts it, again at the address it had before if it had one. */
  async start(): Promise<void> {
    const listen = this.address.replace('http://', '') || '127.0.0.1:0';
    const child = spawn(PROGRAM, ['--db', join(this.folder, 'convoke.db'), 'serve', '--listen', listen]);
    this.child = child;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const hear = (words: Buffer) => {
        said += words;
        const address = /listens on (http:\S+)\n/.exec(said)?.[1];
        const link = /(\S+\/first-owner#\S+)\n/.exec(said)?.[1];
        if (!address || (!link && !this.hasMembers)) return;
        this.address = address;
        this.firstOwner = link ?? '';
        resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.on('exit', (code) => reject(new Error(`convoke serve ended with ${code}: ${said}`)));
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null) return;
    child.removeAllListeners('exit');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** Changes its database while it is stopped. */
  sql(statement: string): void {
    const done = spawnSync('sqlite3', [join(this.folder, 'convoke.db'), statement], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`${statement}: ${done.stderr}`);
  }

  async end(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Makes the first owner without a browser. */
  async makeOwner(): Promise<void> {
    const secret = this.firstOwner.split('#')[1];
    const response = await fetch(`${this.address}/api/v1/first-owner`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...OWNER, secret }),
    });
    if (!response.ok) throw new Error(await response.text());
    this.hasMembers = true;
  }
}

/** A server with an owner, and a browser whose pages fail the test when they log an error. */
export class World {
  readonly server = new Server();
  browser!: Browser;
  readonly complaints: string[] = [];

  /** Begins before the tests of a file and ends behind them; `prepare` is done before the server starts. */
  constructor(prepare?: (server: Server) => void) {
    beforeAll(async () => {
      prepare?.(this.server);
      await this.server.start();
      // Chromium has no sandbox for root.
      const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      this.browser = await chromium.launch({ executablePath: CHROMIUM, args });
    });
    afterEach(async ({ task }) => {
      if (task.result?.state === 'fail') await this.show(task.name);
      await Promise.all(this.browser.contexts().map((context) => context.close()));
    });
    afterAll(async () => {
      await this.browser?.close();
      await this.server.end();
      expect(this.complaints).toEqual([]);
    });
  }

  async page(options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const page = await this.browser.newPage({ baseURL: this.server.address, ...options });
    // A disk that is busy with something else makes a write wait for many seconds.
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // What the server refuses the browser logs by itself; pages show it.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.complaints.push(message.text());
      }
    });
    return page;
  }

  /** A page of the owner, who is made if there is none. */
  async ownersPage(options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    if (!this.server.hasMembers) await this.server.makeOwner();
    const page = await this.page(options);
    const { email, password } = OWNER;
    const signedIn = await page.request.post('/api/v1/session', { data: { email, password } });
    expect(signedIn.status()).toBe(201);
    await page.goto('/');
    await page.getByRole('heading', { name: /Hello/ }).waitFor();
    return page;
  }

  /** What a failed test had on its pages: words here, a picture beside the builds. */
  private async show(name: string): Promise<void> {
    for (const page of this.browser.contexts().flatMap((context) => context.pages())) {
      const picture = join(PROJECT, 'target/web-failures', `${name.replaceAll(/\W+/g, '-')}.png`);
      await page.screenshot({ path: picture });
      console.error(
        `${name}: ${page.url()} shows\n${await page.locator('body').ariaSnapshot()}\n(${picture})`,
      );
    }
  }

  /** Complaints that a test expects. */
  forgive(expected: RegExp) {
    this.complaints.splice(
      0,
      this.complaints.length,
      ...this.complaints.filter((said) => !expected.test(said)),
    );
  }
}
