// The user guide, as it stands beside the code.

import pages from 'virtual:guide';
import { Anchor, Skeleton, Text, Typography } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type MouseEvent, useEffect } from 'react';
import { Nothing } from '../frame/Broken';
import { Card } from '../frame/Card';
import { Page } from '../frame/Page';
import { Trouble } from '../frame/Trouble';
import classes from './Help.module.css';

const FIRST = 'README';

export default function HelpPage() {
  const { page = FIRST } = useParams({ from: '/member/frame/help/{-$page}' });
  const entry = pages.find((entry) => entry.page === page);
  if (!entry) return <Nothing />;
  return (
    <Page
      title={page === FIRST ? 'Help' : entry.title}
      about={page === FIRST ? 'The guide, by task.' : undefined}
    >
      {page !== FIRST && (
        <Anchor component={Link} to="/help" className={classes.back}>
          All pages of the guide
        </Anchor>
      )}
      <div className={classes.columns}>
        <Contents />
        <Card className={classes.text}>
          <Words page={page} load={entry.load} />
        </Card>
      </div>
    </Page>
  );
}

/** Every page, by who it is for. */
function Contents() {
  const parts = [...new Set(pages.map(({ part }) => part))].filter(Boolean);
  return (
    <nav aria-label="Guide" className={classes.contents}>
      {parts.map((part) => (
        <div key={part}>
          <Text size="xs" fw={600} c="dimmed" className={classes.part}>
            {part}
          </Text>
          {pages
            .filter((entry) => entry.part === part)
            .map(({ page, title }) => (
              <Link key={page} to="/help/{-$page}" params={{ page }} className={classes.place}>
                {title}
              </Link>
            ))}
        </div>
      ))}
    </nav>
  );
}

type WordsProps = { page: string; load: () => Promise<{ default: string }> };

function Words({ page, load }: WordsProps) {
  const navigate = useNavigate();
  const text = useQuery({
    queryKey: ['guide', page],
    queryFn: async () => (await load()).default,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    if (text.data && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [text.data]);
  if (text.isError) return <Trouble error={text.error} again={() => void text.refetch()} />;
  if (text.data === undefined) return <Skeleton h={400} />;

  /** Links between pages of the guide stay inside the app. */
  const follow = (event: MouseEvent<HTMLElement>) => {
    const to = (event.target as HTMLElement).closest('a')?.getAttribute('href');
    if (!to?.startsWith('/help') || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    void navigate({ href: to });
  };
  return (
    <Typography onClick={follow} className={classes.words}>
      {/* Made from our own Markdown when the app was built, without HTML in it. */}
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: rendered at build time from docs/guide */}
      <div dangerouslySetInnerHTML={{ __html: text.data.replace(/^<h1.*?<\/h1>/, '') }} />
    </Typography>
  );
}
