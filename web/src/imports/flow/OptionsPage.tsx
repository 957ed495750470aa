// The third step: what becomes of the people. As it stands it is right for most, so it can be passed with Enter.
import { Alert, Anchor, Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef } from 'react';
import { keep } from '../../api/cache';
import { answer, api, deedKey } from '../../api/client';
import { Trouble } from '../../frame/Trouble';
import { usualOnMatch } from '../../words/fields';
import { many } from '../../words/format';
import { importQuery } from '../queries';
import { hindrances } from './columns/decide';
import { Disclosure } from './Disclosure';
import { DraftStep } from './DraftStep';
import { type Draft, draftQuery, inTurn, isUnsaved } from './draft';
import { Footer } from './Footer';
import { Forms } from './options/Forms';
import classes from './options/Options.module.css';
import { Policies } from './options/Policies';
import { SavedText } from './options/SavedText';
import { Together } from './options/Together';
import { Whom } from './options/Whom';
import { isOfOptions } from './steps';

const UNSAVED = '[aria-invalid="true"]';

export default function OptionsPage() {
  return (
    <DraftStep title="Options" help="options">
      {(draft) => <Options draft={draft} />}
    </DraftStep>
  );
}

function Options({ draft }: { draft: Draft }) {
  const { choices, import: item } = draft;
  const form = useRef<HTMLFormElement>(null);
  const check = useCheck(draft);
  const isHeldUp = check.data === false;
  useEffect(() => {
    if (isHeldUp) form.current?.querySelector<HTMLElement>(UNSAVED)?.focus();
  }, [isHeldUp]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // What is being typed is saved when it is left.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    check.mutate();
  };
  const isMerging = (choices.on_match ?? usualOnMatch(item.record_type)) === 'merge';
  return (
    <form onSubmit={submit} ref={form} className={classes.form}>
      <Forms draft={draft} />
      <div className={classes.columns}>
        <Together draft={draft} />
        <Whom draft={draft} />
      </div>
      {isMerging && <Policies draft={draft} />}
      <Rarely draft={draft} />
      {check.isError && <Trouble error={check.error} again={() => check.mutate()} />}
      <Onward draft={draft} isChecking={check.isPending} isUnsaved={isHeldUp} />
    </form>
  );
}

/** What few imports need. */
function Rarely({ draft }: { draft: Draft }) {
  const { choices } = draft;
  return (
    <>
      <Disclosure
        title="Where the list comes from"
        about="Kept with the import, for whoever asks later."
        isOpen={Boolean(choices.origin || choices.ground)}
      >
        <SavedText
          draft={draft}
          name="origin"
          label="Where the list comes from"
          placeholder="Sign-up sheet at the spring fair"
        />
        <SavedText
          draft={draft}
          name="ground"
          label="Why these people may be written to"
          placeholder="They agreed on the sheet"
        />
      </Disclosure>
      <Disclosure
        title="Safety and clearing"
        about="Stop when too many rows would fail; a word that empties a value."
        isOpen={Boolean(choices.max_failed || choices.clear_token)}
      >
        <SavedText
          draft={draft}
          name="max_failed"
          label="Import nothing if more rows than this would fail"
          description="A number such as 100, or a share such as 5%. Blank: rows that fail are left out, all others are imported."
        />
        <SavedText
          draft={draft}
          name="clear_token"
          label="A cell with this word empties the value"
          description="For example [clear]. Blank: nothing is ever emptied."
        />
      </Disclosure>
    </>
  );
}

/** Checks the file when everything is saved, and says whether; one that is checked as it stands is not checked again. */
function useCheck(draft: Draft) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const id = draft.import.import;
  return useMutation({
    ...inTurn(id),
    mutationFn: async () => {
      if (isUnsaved(cache, id)) return false;
      const now = await cache.fetchQuery(draftQuery(id));
      if (now.import.status === 'ready') return true;
      const params = { path: { id }, header: { 'Idempotency-Key': deedKey() } };
      const item = await answer(api.POST('/api/v1/imports/{id}/check', { params }));
      keep(importQuery(id), item);
      return true;
    },
    onSuccess: (hasBegun) => {
      if (hasBegun) void navigate({ to: '/imports/$id/review', params: { id } });
    },
  });
}

type OnwardProps = { draft: Draft; isChecking: boolean; isUnsaved: boolean };

function Onward({ draft, isChecking, isUnsaved }: OnwardProps) {
  const id = draft.import.import;
  const onward = useRef<HTMLButtonElement>(null);
  const isBlocked = isOfOptions(draft.problem?.code) || hindrances(draft).length > 0;
  // Nothing needs to be chosen here: Enter goes on at once.
  const isClear = useRef(!isBlocked);
  useEffect(() => {
    if (isClear.current) onward.current?.focus({ preventScroll: true });
  }, []);
  return (
    <Footer
      back={
        <Button variant="default" component={Link} to={`/imports/${id}/columns`}>
          Back
        </Button>
      }
      next={
        <Button type="submit" ref={onward} disabled={isBlocked} loading={isChecking}>
          Check the file
        </Button>
      }
    >
      {isUnsaved ? (
        <Alert color="red" role="alert" title="Something above is not saved yet" />
      ) : (
        <Standing draft={draft} />
      )}
    </Footer>
  );
}

/** What stands in the way, or what comes next. */
function Standing({ draft }: { draft: Draft }) {
  const [first] = hindrances(draft);
  if (first) {
    return (
      <Text size="sm" className="breaks">
        {first}{' '}
        <Anchor component={Link} to={`/imports/${draft.import.import}/columns`} inherit underline="always">
          Go to the columns
        </Anchor>
      </Text>
    );
  }
  if (isOfOptions(draft.problem?.code)) return <Text size="sm">Decide above how the file is written.</Text>;
  return (
    <Text size="sm">
      Next, Convoke reads {draft.source.rows === 1 ? 'the row' : `all ${many(draft.source.rows, 'row')}`} and
      shows what would happen. Nobody is imported yet.
    </Text>
  );
}
