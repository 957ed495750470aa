import { Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useRouterState } from '@tanstack/react-router';
import { hasRun, importQuery } from '../queries';
import classes from './Flow.module.css';
import { openSteps, STEPS, type Step } from './steps';

/** Where one is, what is behind and what comes; what may be gone to is a link. */
export function Steps() {
  const { id } = useParams({ strict: false });
  const path = useRouterState({ select: (state) => state.location.pathname });
  const item = useQuery({ ...importQuery(id ?? ''), enabled: id !== undefined });
  const here = id === undefined ? 'upload' : ((path.split('/')[3] ?? '') as Step);
  const at = STEPS.findIndex(({ step }) => step === here);
  const open = item.data ? openSteps(item.data) : [];
  const wasLeftOut = (step: Step) =>
    here === 'report' && (step === 'confirm' || step === 'progress') && !(item.data && hasRun(item.data));
  return (
    <nav aria-label="Steps of this import">
      <Text className={classes.short} size="sm" fw={650}>
        {STEPS[at]?.title}
        <Text span c="dimmed" fw={400}>
          {' '}
          · step {at + 1} of {STEPS.length}
        </Text>
      </Text>
      <ol className={classes.steps}>
        {STEPS.map(({ step, title }, index) => {
          const isDone = index < at && !wasLeftOut(step);
          const mark = isDone ? <IconCheck size={12} aria-label="done" /> : index + 1;
          const inside = (
            <>
              <span className={classes.number}>{mark}</span>
              {title}
            </>
          );
          return (
            <li key={step}>
              {id !== undefined && step !== here && open.includes(step) ? (
                <Link
                  to={`/imports/$id/${step as Exclude<Step, 'upload'>}`}
                  params={{ id }}
                  className={classes.step}
                >
                  {inside}
                </Link>
              ) : (
                <span className={classes.step} aria-current={step === here ? 'step' : undefined}>
                  {inside}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
