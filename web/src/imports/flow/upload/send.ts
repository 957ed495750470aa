// Sends a file. XMLHttpRequest, because only it tells how much of a body was sent.
import { Refusal, type Shapes, Unreachable } from '../../../api/client';
import { reached, unreachable } from '../../../api/reachability';
import type { Plural } from '../../../words/recordTypes';

export type Sending = {
  file: File;
  plural: Plural;
  /** Names the deed: a repeat makes no second draft. */
  key: string;
  signal: AbortSignal;
  onSent: (bytes: number) => void;
};

/** The longest name of a file that the server takes. */
const LONGEST_NAME = 255;

/** The draft that the server made of it. */
export async function send(sending: Sending): Promise<Shapes['Draft']> {
  const { file } = sending;
  if (file.size === 0) throw own('The file is empty', 'Choose the file that holds the people.');
  const { status, text } = await request(sending);
  const told = parsed(text);
  if (status === 201) return told as Shapes['Draft'];
  throw new Refusal(status, (told ?? {}) as Partial<Shapes['Problem']>);
}

const own = (detail: string, hint: string) => new Refusal(0, { code: 'file_unsent', detail, hint });

function request({ file, plural, key, signal, onSent }: Sending) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const name = file.name.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ').slice(-LONGEST_NAME) || 'upload';
  const query = new URLSearchParams({ as: plural, name });
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.open('POST', `/api/v1/drafts?${query}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('idempotency-key', key);
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onload = () => {
      reached();
      resolve({ status: request.status, text: request.responseText });
    };
    request.onerror = () => void whyUnsent(file).then(reject);
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'));
    request.onloadend = () => signal.removeEventListener('abort', stop);
    signal.addEventListener('abort', stop);
    request.send(file);
  });
}

/** A file that was changed or moved since it was chosen looks like a server that is away. */
async function whyUnsent(file: File): Promise<Error> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    return own('The file was changed or moved since you chose it', 'Choose it again.');
  }
  unreachable();
  return new Unreachable();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
