import { PasswordInput } from '@mantine/core';
import type { ReactNode } from 'react';

type Props = { label: string; name: string; error?: ReactNode };

/** A password to be set. */
export function NewPassword(props: Props) {
  return (
    <PasswordInput
      {...props}
      description="At least 8 characters, and not one that is easily guessed"
      autoComplete="new-password"
      minLength={8}
      required
      visibilityToggleButtonProps={{ 'aria-label': 'Show password', tabIndex: 0 }}
    />
  );
}
