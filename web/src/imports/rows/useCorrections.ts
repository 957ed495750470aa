// Corrections of a draft: what was done last, with its way back, and the rows as the server says they would end now. They
// replace theirs in every list until the whole file is checked again.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { cache } from '../../api/cache';
import { answer, api, deedKey, type Shapes } from '../../api/client';
import { importQuery } from '../queries';
import type { Row } from './queries';

type Body = Shapes['NewCorrection'];
type Which = { row?: number; column?: string; value?: string };

/** The last correction, in what its line of words and its buttons need. */
export type Done = {
  body: Body;
  was: string;
  header: string;
  cells: number;
  alike: number;
  row?: Row;
  undo: Which[];
};

export type NewCorrection = { row: number; column: string; value: string; was: string; header: string };

type Alike = Omit<NewCorrection, 'row'>;
type Deed = { bodies: Body[]; was: string; header: string };

/** What takes a correction back. */
function wayBack({ row, column, value, is_person }: Body): Which {
  if (row != null) return is_person || column == null ? { row } : { row, column };
  return { column: column ?? '', value: value ?? '' };
}

async function inOrder<T, A>(all: readonly T[], act: (one: T) => Promise<A>): Promise<A[]> {
  const answers: A[] = [];
  for (const one of all) answers.push(await act(one));
  return answers;
}

const send = (id: string, body: Body) =>
  answer(
    api.POST('/api/v1/imports/{id}/corrections', {
      params: { path: { id }, header: { 'Idempotency-Key': deedKey() } },
      body: { is_person: false, ...body },
    }),
  );

export function useCorrections(id: string) {
  const [rows, setRows] = useState<ReadonlyMap<number, Row>>(new Map());
  const [done, setDone] = useState<Done>();
  const take = (answered: Shapes['Corrected']) => {
    setRows((before) => new Map([...before, ...answered.rows.map((row) => [row.row, row] as const)]));
    void cache.invalidateQueries({ queryKey: importQuery(id).queryKey, exact: true });
    void cache.invalidateQueries({ queryKey: ['import', id, 'plan'] });
    void cache.invalidateQueries({ queryKey: ['import', id, 'cards'] });
  };
  const correct = useMutation({
    mutationFn: ({ bodies }: Deed) => inOrder(bodies, (body) => send(id, body)),
    onSuccess: (answers, { bodies, was, header }) => {
      for (const answered of answers) take(answered);
      const [body] = bodies;
      if (!body) return;
      const row = answers[0]?.rows.find((one) => one.row === body.row);
      setDone({
        body,
        was,
        header,
        cells: answers.reduce((all, { cells }) => all + cells, 0),
        alike: answers[0]?.alike ?? 0,
        undo: bodies.map(wayBack),
        ...(row ? { row } : {}),
      });
    },
  });
  const takeBack = useMutation({
    mutationFn: (which: Which[]) =>
      inOrder(which, (query) =>
        answer(api.DELETE('/api/v1/imports/{id}/corrections', { params: { path: { id }, query } })),
      ),
    onSuccess: (answers) => {
      for (const answered of answers) take(answered);
      setDone(undefined);
    },
  });
  return {
    id,
    rows,
    done,
    error: correct.error ?? takeBack.error,
    isBusy: correct.isPending || takeBack.isPending,
    correct: ({ row, column, value, was, header }: NewCorrection) =>
      correct.mutate({ bodies: [{ row, column, value }], was, header }),
    /** All cells of a column with the same value, for each of the changes. */
    correctEach: (changes: Alike[]) => {
      const [first] = changes;
      if (!first) return;
      const bodies = changes.map(({ column, was, value }) => ({ column, from: was, value }));
      correct.mutate({ bodies, was: first.was, header: first.header });
    },
    isPerson: (row: number) => correct.mutate({ bodies: [{ row, is_person: true }], was: '', header: '' }),
    takeBack: (which: Which[]) => takeBack.mutate(which),
    dismiss: () => {
      setDone(undefined);
      correct.reset();
      takeBack.reset();
    },
  };
}

/** A row as it would end now; what somebody else corrected since is newer. */
export function newest(row: Row, corrections: ReadonlyMap<number, Row> | undefined): Row {
  const answered = corrections?.get(row.row);
  return answered?.cells.every((cell, place) => cell === row.cells[place]) ? answered : row;
}

export type Corrections = ReturnType<typeof useCorrections>;
