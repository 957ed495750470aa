// Where one begins: an import of each record type, and what was imported last.
import { Anchor, Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card } from '../frame/Card';
import { Page } from '../frame/Page';
import { ImportLines } from '../imports/ImportLines';
import { historyQuery } from '../imports/queries';
import { useMay, useSession } from '../session/queries';
import { TYPES } from '../words/recordTypes';
import { FirstSteps } from './FirstSteps';

const SHOWN = 5;

export default function HomePage() {
  const { workspace, name } = useSession();
  const may = useMay();
  const history = useQuery(historyQuery({ limit: SHOWN }));
  const completed = useQuery(historyQuery({ limit: 1, kind: 'import', status: 'completed' }));
  const isNew = completed.data?.items.length === 0;
  return (
    <Page
      title={`Hello, ${name.split(' ')[0]}`}
      about={`Bring people into ${workspace?.name}: see first what a file will do, then let it happen.`}
      help="first-import"
    >
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {TYPES.map(({ plural, title, about }) => (
          <Card key={plural}>
            <Stack gap="md" h="100%" justify="space-between">
              <div>
                <Title order={2}>
                  <Anchor component={Link} to={`/${plural}`} inherit c="inherit">
                    {title}
                  </Anchor>
                </Title>
                <Text c="dimmed" size="sm" mt={4}>
                  {about}
                </Text>
              </div>
              <Stack gap="xs">
                {may('import') && (
                  <Button component={Link} to={`/imports/new/${plural}`} fullWidth>
                    Import {plural}
                  </Button>
                )}
                <Button component={Link} to={`/${plural}`} variant="default" fullWidth>
                  See the list
                </Button>
              </Stack>
            </Stack>
          </Card>
        ))}
      </SimpleGrid>
      {/* Nothing moves down for the first steps once it is there. */}
      {!completed.isPending && (
        <>
          {isNew && may('organise') && <FirstSteps />}
          <section>
            <Group justify="space-between" mb="sm">
              <Title order={2}>Latest imports</Title>
              <Anchor component={Link} to="/imports" size="sm">
                All imports
              </Anchor>
            </Group>
            <ImportLines history={history} />
          </section>
        </>
      )}
    </Page>
  );
}
