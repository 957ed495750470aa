// A text of the draft: kept when one leaves it, or on Enter; what the server does not take stays, with the reason.
import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { words } from '../../../frame/Trouble';
import { type Choices, type Draft, useChange } from '../draft';

type Name = 'clear_token' | 'max_failed' | 'origin' | 'ground';
type Props = Omit<TextInputProps, 'name' | 'value'> & { draft: Draft; name: Name };

export function SavedText({ draft, name, ...rest }: Props) {
  const saved = (draft.choices as Choices)[name] ?? '';
  const [typed, setTyped] = useState<string | null>(null);
  const change = useChange(draft.import.import);
  const save = () => {
    if (typed === null || (typed.trim() === saved && !change.isError)) return setTyped(null);
    const value = typed.trim() === '' ? null : typed.trim();
    change.mutate(() => ({ [name]: value }), { onSuccess: () => setTyped(null) });
  };
  return (
    <TextInput
      {...rest}
      value={typed ?? saved}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      onBlur={save}
      error={change.isError ? words(change.error).message.replace(`${name}: `, '') : undefined}
      loading={change.isPending}
    />
  );
}
