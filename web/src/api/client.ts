// Requests to the server, in the shapes of its document, and what it says when it refuses.
import createClient from 'openapi-fetch';
import { reached, unreachable } from './reachability';
import type { components, paths } from './schema';

export type Shapes = components['schemas'];
export type RecordType = Shapes['RecordType'];

/** What the server refused, in its words: what, and what to do next. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly importId: string | undefined;

  constructor(status: number, problem: Partial<Shapes['Problem']>) {
    super(problem.detail ?? `The server answered with status ${status}`);
    this.status = status;
    this.code = problem.code ?? 'server_failed';
    this.hint = problem.hint ?? '';
    this.importId = problem.import ?? undefined;
  }
}

/** The server cannot be reached: nothing is known of what became of the request. */
export class Unreachable extends Error {
  constructor() {
    super('Convoke does not answer');
  }
}

async function ask(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    reached();
    return response;
  } catch (error) {
    if (request.signal.aborted) throw error;
    unreachable();
    throw new Unreachable();
  }
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: ask });

type Told<T> = { data?: T; error?: unknown; response: Response };

/** What was asked for, or an error that says why not. */
export async function answer<T>(call: Promise<Told<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw new Refusal(response.status, isProblem(error) ? error : {});
  return data as T;
}

/** The same with the tag that says which version it is. */
export async function tagged<T>(call: Promise<Told<T>>): Promise<{ value: T; etag: string | null }> {
  const told = await call;
  const value = await answer(Promise.resolve(told));
  return { value, etag: told.response.headers.get('etag') };
}

function isProblem(value: unknown): value is Partial<Shapes['Problem']> {
  return typeof value === 'object' && value !== null && 'code' in value;
}

/** Names a deed of a person, so that a repeat of its request does nothing a second time. */
export const deedKey = () => crypto.randomUUID();
