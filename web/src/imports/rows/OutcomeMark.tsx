import { toldOf } from '../outcomes';
import classes from './Rows.module.css';

/** An outcome by sign and word. */
export function OutcomeMark({ outcome, isPlan }: { outcome: string; isPlan: boolean }) {
  const { sign, title, planned } = toldOf(outcome);
  return (
    <span className={classes.mark} data-outcome={outcome}>
      <span aria-hidden>{sign}</span> {isPlan ? planned : title}
    </span>
  );
}
