// Corrections of a draft: what was done last, with its way back, and the rows as the server says they would end now. They
// replace theirs in every list until the whole file is checked again.
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { cache } from '../../api/cache';
import { answer, api, deedKey, type Shapes } from '../../api/client';
import { importQuery } from '../queries';
import type { Row } from './queries';

type Body = Shapes['NewCorrection'];
type Which = { row?: number; column?: string; value?: string };

/** The last correction, in what its line of words and its buttons need. */
export type Done = { body: Body; was: string; header: string; cells: number; alike: number; row?: Row };

export type NewCorrection = { row: number; column: string; value: string; was: string; header: string };

const send = (id: string, body: Body) =>
  answer(
    api.POST('/api/v1/imports/{id}/corrections', {
      params: { path: { id }, header: { 'Idempotency-Key': deedKey() } },
      body,
    }),
  );

export function useCorrections(id: string, plan: string | null | undefined) {
  const [rows, setRows] = useState<ReadonlyMap<number, Row>>(new Map());
  const [done, setDone] = useState<Done>();
  // Behind a new check the lists say it all.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the plan is what it waits for
  useEffect(() => setRows(new Map()), [plan]);

  const take = (answered: Shapes['Corrected']) => {
    setRows((before) => new Map([...before, ...answered.rows.map((row) => [row.row, row] as const)]));
    void cache.invalidateQueries({ queryKey: importQuery(id).queryKey, exact: true });
    void cache.invalidateQueries({ queryKey: ['import', id, 'plan'] });
    void cache.invalidateQueries({ queryKey: ['import', id, 'cards'] });
  };
  const correct = useMutation({
    mutationFn: ({ body }: { body: Body; was: string; header: string }) => send(id, body),
    onSuccess: (answered, { body, was, header }) => {
      take(answered);
      const row = answered.rows.find((one) => one.row === body.row);
      setDone({ body, was, header, cells: answered.cells, alike: answered.alike, ...(row ? { row } : {}) });
    },
  });
  const takeBack = useMutation({
    mutationFn: (query: Which) =>
      answer(api.DELETE('/api/v1/imports/{id}/corrections', { params: { path: { id }, query } })),
    onSuccess: (answered) => {
      take(answered);
      setDone(undefined);
    },
  });
  return {
    rows,
    done,
    error: correct.error ?? takeBack.error,
    isBusy: correct.isPending || takeBack.isPending,
    correct: ({ row, column, value, was, header }: NewCorrection) =>
      correct.mutate({ body: { row, column, value }, was, header }),
    correctAll: ({ column, value, was, header }: Omit<NewCorrection, 'row'>) =>
      correct.mutate({ body: { column, from: was, value }, was, header }),
    isPerson: (row: number) => correct.mutate({ body: { row, is_person: true }, was: '', header: '' }),
    takeBack: (which: Which) => takeBack.mutate(which),
    dismiss: () => {
      setDone(undefined);
      correct.reset();
      takeBack.reset();
    },
  };
}

export type Corrections = ReturnType<typeof useCorrections>;
