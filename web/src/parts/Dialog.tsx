import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';

type Props = Omit<ModalProps, 'opened' | 'title'> & { title: string; isOpen?: boolean };

/** What every dialog is made of. */
export function Dialog({ title, isOpen = true, children, ...props }: Props) {
  return (
    <Modal
      opened={isOpen}
      title={<span className="breaks">{title}</span>}
      styles={{ title: { fontWeight: 650 } }}
      {...props}
    >
      <FocusBack />
      {children}
    </Modal>
  );
}

/**
 * What had the focus before gets it back behind the dialog, even if the dialog is not closed but taken away. If it is gone itself,
 * because it was deleted, the page's title gets it.
 */
function FocusBack() {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const heir = before?.isConnected ? before : document.getElementById('title');
      if (heir instanceof HTMLElement) heir.focus({ preventScroll: true });
    },
    [before],
  );
  return null;
}
