// Cells copied from a spreadsheet become a file: pasted anywhere on the page, or into the box.
import { Button, Stack, Text, Textarea, Title } from '@mantine/core';
import { type ClipboardEvent, useEffect, useEffectEvent, useState } from 'react';
import { Card } from '../../../frame/Card';

const NAME = 'Pasted cells.tsv';
const TOO_LITTLE = 'That is one line. Copy the headers together with the rows below them.';

const asFile = (cells: string) => new File([cells], NAME, { type: 'text/tab-separated-values' });

const isTable = (text: string) => /\S[^\n]*\r?\n[^\n]*\S/.test(text);

export function PasteCells({ take }: { take: (file: File) => void }) {
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const use = (cells: string) => {
    if (isTable(cells)) take(asFile(cells));
    else setError(TOO_LITTLE);
  };
  const pasted = useEffectEvent((event: globalThis.ClipboardEvent) => {
    const isTyping =
      event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]');
    const data = event.clipboardData;
    if (isTyping || !data) return;
    const file = data.files[0];
    const cells = data.getData('text/plain');
    // Spreadsheet programs put a picture of the cells beside their text.
    if (cells !== '') use(cells);
    else if (file) take(file);
  });
  useEffect(() => {
    const listen = (event: globalThis.ClipboardEvent) => pasted(event);
    document.addEventListener('paste', listen);
    return () => document.removeEventListener('paste', listen);
  }, []);
  const paste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const cells = event.clipboardData.getData('text/plain');
    if (text !== '' || !isTable(cells)) return;
    event.preventDefault();
    use(cells);
  };
  return (
    <Card>
      <Stack gap="sm">
        <Title order={2}>Paste cells</Title>
        <Text size="sm" c="dimmed">
          Copy the headers and rows in Excel or Google Sheets and paste them on this page.
        </Text>
        <Textarea
          label="Cells"
          placeholder="Paste here"
          value={text}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            setError('');
          }}
          onPaste={paste}
          error={error || undefined}
          rows={2}
          spellCheck={false}
        />
        {text !== '' && (
          <Button variant="default" onClick={() => use(text)}>
            Use these cells
          </Button>
        )}
      </Stack>
    </Card>
  );
}
