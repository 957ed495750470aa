// Fields of forms that say what is wrong with what stands in them.
import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { tooLong } from './said';

type Props = TextInputProps & {
  longest: number;
  /** What the server said of it. */
  wrong?: string | undefined;
};

/** A line of text that has an end; what is too long is told and not cut. */
export function TextField({ longest, wrong, defaultValue, ...rest }: Props) {
  const [text, setText] = useState(String(defaultValue ?? ''));
  const long = tooLong(text.trim(), longest);
  return (
    <TextInput
      {...rest}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        event.currentTarget.setCustomValidity(tooLong(event.currentTarget.value.trim(), longest) ?? '');
      }}
      error={long ?? wrong}
    />
  );
}
