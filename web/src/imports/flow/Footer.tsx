// The way back and the way on, always in sight, with what will happen or what stands in the way.
import type { ReactNode } from 'react';
import classes from './Footer.module.css';

type Props = {
  back?: ReactNode;
  next: ReactNode;
  /** What it says stands on the page as well: on a phone the ways alone are shown, and cover less. */
  isShort?: boolean;
  children: ReactNode;
};

export function Footer({ back, next, isShort = false, children }: Props) {
  return (
    <div className={classes.footer} data-short={isShort || undefined}>
      <div className={classes.about}>{children}</div>
      <div className={classes.deeds}>
        {back}
        {next}
      </div>
    </div>
  );
}
