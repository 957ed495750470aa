import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { RecordType } from '../../../api/client';
import { Card } from '../../../frame/Card';
import { TEMPLATE } from '../../../words/fields';
import type { Plural } from '../../../words/recordTypes';
import { fieldsQuery } from '../queries';

/** A file with the right headers, and which they are. */
export function Templates({ type, plural }: { type: RecordType; plural: Plural }) {
  const { required, optional } = TEMPLATE[type];
  const custom = useQuery(fieldsQuery(plural)).data ?? [];
  const others = [...optional, ...custom.map(({ name }) => name)];
  return (
    <Card>
      <Stack gap="sm">
        <Title order={2}>Start from a template</Title>
        <Text size="sm" className="breaks">
          Columns: <b>{required.join(' and ')}</b>.{' '}
          {type === 'creator' && 'A profile address serves for both. '}
          <Text span c="dimmed">
            If you have them: {others.join(', ')}.
          </Text>
        </Text>
        <Group gap="sm">
          {(['xlsx', 'csv'] as const).map((format) => (
            <Button
              key={format}
              component="a"
              href={`/api/v1/templates/${plural}?format=${format}`}
              download
              variant="default"
              size="sm"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {format === 'xlsx' ? 'Excel' : 'CSV'}
            </Button>
          ))}
        </Group>
      </Stack>
    </Card>
  );
}
