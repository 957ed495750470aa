import { Link } from '@tanstack/react-router';
import classes from './Tabs.module.css';

/** Pages that belong together, each at its address. */
export function Tabs({ label, places }: { label: string; places: { to: string; title: string }[] }) {
  return (
    <nav aria-label={label} className={classes.tabs}>
      {places.map(({ to, title }) => (
        <Link key={to} to={to} className={classes.tab} activeOptions={{ exact: true, includeSearch: false }}>
          {title}
        </Link>
      ))}
    </nav>
  );
}
