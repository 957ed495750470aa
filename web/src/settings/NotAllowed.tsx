import { Text } from '@mantine/core';
import { Card } from '../frame/Card';
import { Page } from '../frame/Page';

/** A page whose address somebody has who may not see it. */
export function NotAllowed({ title, who }: { title: string; who: string }) {
  return (
    <Page title={title}>
      <Card>
        <Text>{who} Ask an owner of the workspace if you need it.</Text>
      </Card>
    </Page>
  );
}
