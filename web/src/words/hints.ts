// What to do next, for somebody who looks at a page. The API's own words name the options of its requests; here those stand on
// the pages Columns and Options.

const COLUMNS = 'Say under Columns what each of them is, or leave it out.';

const HINTS: Record<string, string> = {
  invalid_header: COLUMNS,
  header_duplicate: COLUMNS,
  header_missing: 'Say under Columns which row holds the headers, and which column it is.',
  invalid_encoding: 'Say under Columns how its letters are written, or save the file as UTF-8.',
  dates_ambiguous: 'Say under Options in which order dates are written.',
  decimal_ambiguous: 'Say under Options how decimals are written.',
  stop_rule: 'Nobody was changed. Correct the rows, or allow more of them to fail under Options.',
  file_too_large: 'Nothing was imported. Whoever runs this installation can raise the limit.',
  too_many_rows: 'Nothing was imported. Whoever runs this installation can raise the limit.',
};

/** `Say which with `dates=dmy`.` is for programs: what is between backticks is left without them where no better words are known. */
export function hintOf({ code, hint }: { code: string; hint: string }): string {
  if (code === 'not_found' && /convoke |\/api\//.test(hint))
    return 'It may be gone, or belong to another workspace.';
  return HINTS[code] ?? hint.replaceAll('`', '');
}
