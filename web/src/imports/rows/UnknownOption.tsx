// A value that is none of its field's options: it becomes one, if it is meant.
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { cache } from '../../api/cache';
import { answer, api, tagged } from '../../api/client';
import { type CustomField, fieldsQuery } from '../../fields/queries';
import { Trouble } from '../../frame/Trouble';
import { useMay } from '../../session/queries';
import { useDeed } from '../deeds';
import { preparedQuery } from '../queries';
import { type Issue, named } from './queries';
import classes from './Rows.module.css';

/** The field that the column of an issue is, where the issue is about its options. */
export function useSelect(id: string, issue: Issue): CustomField | undefined {
  const enabled = issue.code === 'option_unknown';
  const draft = useQuery({ ...preparedQuery(id), enabled }).data;
  const fields = useQuery({ ...fieldsQuery, enabled }).data?.items;
  if (!enabled || !draft) return undefined;
  const name = draft.columns.find(({ header }) => named(header) === issue.column)?.field;
  return fields?.find((field) => field.name === name && field.record_type === draft.import.record_type);
}

type Props = { id: string; field: CustomField; value: string };

export function AddOption({ id, field, value }: Props) {
  const may = useMay();
  const check = useDeed(id);
  const add = useMutation({
    mutationFn: async () => {
      const path = { id: field.id };
      const seen = await tagged(api.GET('/api/v1/fields/{id}', { params: { path } }));
      const params = { path, header: { 'If-Match': seen.etag ?? undefined } };
      await answer(
        api.PATCH('/api/v1/fields/{id}', { params, body: { options: [...seen.value.options, value] } }),
      );
      void cache.invalidateQueries({ queryKey: ['fields'] });
      await check.mutateAsync('check');
    },
  });
  if (!may('define_fields')) return null;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        mt="xs"
        className={classes.wraps}
        loading={add.isPending}
        onClick={() => add.mutate()}
      >
        Add “{value}” to the options of {field.name}
      </Button>
      {add.isError && <Trouble error={add.error} />}
    </>
  );
}
