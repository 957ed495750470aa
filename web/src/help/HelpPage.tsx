// The user guide, as it stands beside the code.

import pages from 'virtual:guide';
import { Anchor, Grid, NavLink, Skeleton, Typography } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type MouseEvent, useEffect } from 'react';
import { Nothing } from '../frame/Broken';
import { Card } from '../frame/Card';
import { Page } from '../frame/Page';

export default function HelpPage() {
  const { page = 'README' } = useParams({ from: '/member/frame/help/{-$page}' });
  const navigate = useNavigate();
  const entry = pages.find((entry) => entry.page === page);
  const text = useQuery({
    queryKey: ['guide', page],
    queryFn: async () => (await entry?.load())?.default ?? '',
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    if (text.data && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [text.data]);
  if (!entry) return <Nothing />;
  const others = pages.filter((entry) => entry.page !== 'README');

  /** Links between pages of the guide stay inside the app. */
  const follow = (event: MouseEvent<HTMLElement>) => {
    const to = (event.target as HTMLElement).closest('a')?.getAttribute('href');
    if (!to?.startsWith('/help') || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    void navigate({ to });
  };

  return (
    <Page
      title={page === 'README' ? 'Help' : entry.title}
      about={page === 'README' ? 'The guide, by task.' : undefined}
    >
      <Grid>
        <Grid.Col span={{ base: 12, md: 3 }} visibleFrom="md">
          <nav aria-label="Guide">
            {others.map(({ page: name, title }) => (
              <NavLink
                key={name}
                component={Link}
                to={`/help/${name}`}
                label={title}
                active={name === page}
              />
            ))}
          </nav>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 9 }}>
          <Card>
            {text.data === undefined ? (
              <Skeleton h={400} />
            ) : (
              <Typography onClick={follow}>
                {/* Made from our own Markdown when the app was built, without HTML in it. */}
                {/* biome-ignore lint/security/noDangerouslySetInnerHtml: rendered at build time from docs/guide */}
                <div dangerouslySetInnerHTML={{ __html: text.data.replace(/^<h1.*?<\/h1>/, '') }} />
              </Typography>
            )}
          </Card>
          {page !== 'README' && (
            <Anchor component={Link} to="/help" mt="md" display="block" hiddenFrom="md">
              All pages of the guide
            </Anchor>
          )}
        </Grid.Col>
      </Grid>
    </Page>
  );
}
