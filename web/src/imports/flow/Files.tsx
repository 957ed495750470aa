// The files of an import that exist, for those who may take lists out.
import { Button, Group, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Card } from '../../frame/Card';
import { useMay } from '../../session/queries';
import { many } from '../../words/format';
import { processed } from '../outcomes';
import type { Import } from '../queries';

type File = { file: string; title: string; about: string };

function filesOf({ counts, status, kind }: Import): File[] {
  if (status === 'refused') return [];
  const files: (File | false)[] = [
    { file: 'original', title: 'Original', about: 'As it was uploaded' },
    processed(counts) > 0 && { file: 'results', title: 'Results', about: 'Every row with what became of it' },
    counts.failed > 0 && {
      file: 'errors',
      title: 'Errors',
      about:
        kind === 'dry_run'
          ? `${many(counts.failed, 'row that needs', 'rows that need')} a look`
          : `${many(counts.failed, 'failed row')}, to be put right and imported again`,
    },
    status === 'cancelled' &&
      counts.not_processed > 0 && {
        file: 'not_processed',
        title: 'Not processed',
        about: many(counts.not_processed, 'row that was left out', 'rows that were left out'),
      },
  ];
  return files.filter((file): file is File => file !== false);
}

export function Files({ item }: { item: Import }) {
  const may = useMay();
  const files = filesOf(item);
  if (!may('export') || files.length === 0) return null;
  return (
    <Card>
      <Title order={2} mb="sm">
        Files
      </Title>
      <Group gap="md" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {files.map(({ file, title, about }) => (
          <li key={file}>
            <Button
              component="a"
              href={`/api/v1/imports/${item.import}/files/${file}`}
              download
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {title}
            </Button>
            <Text size="sm" c="dimmed" mt={4}>
              {about}
            </Text>
          </li>
        ))}
      </Group>
    </Card>
  );
}
