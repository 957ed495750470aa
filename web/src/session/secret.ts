import { useState } from 'react';

/** The secret of a link: it stands behind the #, which browsers send nowhere. It stays in the address, for a reload. */
export function useSecret(): string {
  const [secret] = useState(() => location.hash.slice(1));
  return secret;
}
