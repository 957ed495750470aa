// What was imported on which day, as bars of the outcomes and as a table for whoever cannot see them.
import { Text, VisuallyHidden } from '@mantine/core';
import { useMemo } from 'react';
import { Card } from '../frame/Card';
import { count, onDay } from '../words/format';
import { OUTCOMES, processed } from './outcomes';
import picture from './Picture.module.css';
import { hasRun, type Import } from './queries';
import classes from './Timeline.module.css';

type Day = { day: string; counts: Record<string, number>; rows: number };

const MOST_DAYS = 30;
const SHOWN = OUTCOMES.filter(({ outcome }) => outcome !== 'not_processed');

/** Rows by day and outcome of what ran, the oldest first. */
export function daysOf(items: readonly Import[]): Day[] {
  const days = new Map<string, Day>();
  for (const item of items) {
    if (!hasRun(item) || item.started_at === null || processed(item.counts) === 0) continue;
    const day = new Date(item.started_at).toLocaleDateString('sv');
    const kept = days.get(day) ?? { day, counts: {}, rows: 0 };
    for (const { outcome } of SHOWN)
      kept.counts[outcome] = (kept.counts[outcome] ?? 0) + item.counts[outcome];
    kept.rows += processed(item.counts);
    days.set(day, kept);
  }
  return [...days.values()].sort((a, b) => a.day.localeCompare(b.day)).slice(-MOST_DAYS);
}

const HEIGHT = 72;
const BAR = 22;
const STEP = 30;

export function Timeline({ items }: { items: readonly Import[] }) {
  const days = useMemo(() => daysOf(items), [items]);
  // One day is no course of time.
  if (days.length < 2) return null;
  const most = Math.max(...days.map(({ rows }) => rows));
  return (
    <Card>
      <Text size="sm" c="dimmed" mb="xs">
        Rows a day, {onDay(days[0]?.day ?? '')} to {onDay(days.at(-1)?.day ?? '')}
      </Text>
      <svg
        className={classes.bars}
        viewBox={`0 0 ${days.length * STEP} ${HEIGHT}`}
        height={HEIGHT}
        width={days.length * STEP}
        aria-hidden
      >
        {days.map((day, place) => (
          <Bar key={day.day} day={day} x={place * STEP} most={most} />
        ))}
      </svg>
      <VisuallyHidden component="div">
        <table>
          <caption>Rows a day by outcome</caption>
          <thead>
            <tr>
              <th>Day</th>
              {SHOWN.map(({ outcome, title }) => (
                <th key={outcome}>{title}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map(({ day, counts }) => (
              <tr key={day}>
                <th>{onDay(day)}</th>
                {SHOWN.map(({ outcome }) => (
                  <td key={outcome}>{count(counts[outcome] ?? 0)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </Card>
  );
}

function Bar({ day, x, most }: { day: Day; x: number; most: number }) {
  let y = HEIGHT;
  return (
    <g>
      <title>{`${onDay(day.day)}: ${count(day.rows)} rows`}</title>
      {SHOWN.map(({ outcome }) => {
        const height = (HEIGHT * (day.counts[outcome] ?? 0)) / most;
        y -= height;
        return (
          <g key={outcome} className={picture.part} data-outcome={outcome}>
            <rect x={x} y={y} width={BAR} height={height} className={classes.part} />
          </g>
        );
      })}
    </g>
  );
}
