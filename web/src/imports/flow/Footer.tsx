// The way back and the way on, always in sight, with what will happen or what stands in the way.
import type { ReactNode } from 'react';
import classes from './Footer.module.css';

type Props = { back?: ReactNode; next: ReactNode; children: ReactNode };

export function Footer({ back, next, children }: Props) {
  return (
    <div className={classes.footer}>
      <div className={classes.about}>{children}</div>
      <div className={classes.deeds}>
        {back}
        {next}
      </div>
    </div>
  );
}
