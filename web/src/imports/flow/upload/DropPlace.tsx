// Takes a file: chosen with the browser's own control, or dropped anywhere on the page.
import { Text } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type ChangeEvent, useEffect, useEffectEvent, useId, useState } from 'react';
import classes from './Upload.module.css';

/** What the chooser offers; the server tells what a file is by its content. */
const KINDS = '.csv,.tsv,.txt,.xlsx,.ods';

export function DropPlace({ take }: { take: (file: File) => void }) {
  const id = useId();
  const isOver = useDrops(take);
  const choose = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const file = currentTarget.files?.[0];
    // The same file may be chosen again.
    if (file) take(file);
    currentTarget.value = '';
  };
  return (
    <div className={classes.drop} data-over={isOver || undefined}>
      <IconFileUpload size={44} stroke={1.2} aria-hidden />
      <Text component="label" htmlFor={id} fw={600} size="lg">
        {isOver ? 'Let go to upload' : 'Drop a file here, or choose one'}
      </Text>
      <input
        id={id}
        className={classes.input}
        type="file"
        accept={KINDS}
        onChange={choose}
        aria-describedby={`${id}-kinds`}
      />
      <Text size="sm" c="dimmed" id={`${id}-kinds`}>
        Excel (.xlsx), OpenDocument (.ods), CSV, TSV or text
      </Text>
    </div>
  );
}

/** A file that misses its place would be opened by the browser, and the page would be gone. */
function useDrops(take: (file: File) => void): boolean {
  const [isOver, setOver] = useState(false);
  const dropped = useEffectEvent((file: File) => take(file));
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0];
      setOver(false);
      if (!file) return;
      event.preventDefault();
      dropped(file);
    };
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, []);
  return isOver;
}
