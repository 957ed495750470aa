// What a form says and what is wrong with it, beside the field it is about.
import { Refusal } from '../api/client';
import { hintOf } from '../words/hints';

export const said = (form: FormData, name: string) => String(form.get(name) ?? '').trim();

/** Blank is nothing. */
export const saidOrNull = (form: FormData, name: string) => said(form, name) || null;

/** What a refusal with one of these codes says of a field. */
export function wrongWith(error: unknown, ...codes: string[]): string | undefined {
  if (!(error instanceof Refusal) || !codes.includes(error.code)) return undefined;
  const sentence = /[.?]$/.test(error.message) ? error.message : `${error.message}.`;
  return `${sentence} ${hintOf(error)}`.trim();
}

/** The rest, which no field has said already. */
export const otherwiseWrong = (error: unknown, ...codes: string[]): unknown =>
  error && wrongWith(error, ...codes) === undefined ? error : undefined;

export const isChangedMeanwhile = (error: unknown) =>
  error instanceof Refusal && error.code === 'changed_meanwhile';

export const needsConsent = (error: unknown): error is Refusal =>
  error instanceof Refusal && error.code === 'consent_needed';

/** Says it before the server does; blank forms are held back by `required`. */
export function tooLong(text: string, longest: number): string | undefined {
  const length = [...text].length;
  return length > longest ? `${length} characters; at most ${longest}. Make it shorter.` : undefined;
}
