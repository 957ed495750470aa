// A file that is on its way, or that did not arrive: how far it is, what went wrong, and the way out.
import { Alert, Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Refusal, Unreachable } from '../../../api/client';
import { Card } from '../../../frame/Card';
import { words } from '../../../frame/Trouble';
import { size } from '../../../words/format';

type Props = {
  file: File;
  sent: number;
  isSending: boolean;
  error: Error | null;
  again: () => void;
  cancel: () => void;
};

export function OnTheWay({ file, sent, isSending, error, again, cancel }: Props) {
  if (error) return <Unsent file={file} error={error} again={again} cancel={cancel} />;
  if (!isSending) return null;
  const share = Math.min(100, Math.floor((100 * sent) / file.size));
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Text fw={600} className="cut">
            <bdi>{file.name}</bdi>
          </Text>
          <Button variant="default" size="xs" onClick={cancel} flex="none">
            Cancel
          </Button>
        </Group>
        <Progress value={share} animated={share === 100} aria-label={`Upload of ${file.name}`} />
        <Text size="sm" c="dimmed" className="numbers">
          {share < 100 ? `${size(sent)} of ${size(file.size)}` : 'Uploaded. Convoke looks at it now.'}
        </Text>
      </Stack>
    </Card>
  );
}

type UnsentProps = Pick<Props, 'file' | 'again' | 'cancel'> & { error: Error };

function Unsent({ file, error, again, cancel }: UnsentProps) {
  const isAway = error instanceof Unreachable;
  const { message, hint } = isAway
    ? {
        message: 'The file has not arrived yet',
        hint: 'Convoke does not answer. The upload begins again by itself as soon as it does.',
      }
    : words(error);
  // What the server refused it refuses again; what did not reach it, or fell to a moment's trouble, may be sent again.
  const mayPass =
    isAway || !(error instanceof Refusal) || [401, 408, 409, 429, 500, 502, 503, 507].includes(error.status);
  return (
    <Alert
      role="alert"
      color={isAway ? 'orange' : 'red'}
      icon={<IconAlertTriangle aria-hidden />}
      title={
        <Text span inherit c="bright" className="breaks">
          {message}
        </Text>
      }
    >
      <Stack gap="sm">
        <Text size="sm" className="breaks">
          <bdi>{file.name}</bdi> ({size(file.size)}). {hint}
        </Text>
        <Group gap="sm">
          {mayPass ? (
            <>
              <Button size="xs" variant="default" onClick={again}>
                Upload it again
              </Button>
              <Button size="xs" variant="default" onClick={cancel}>
                Choose another file
              </Button>
            </>
          ) : (
            <Text size="sm">Choose or paste another one below.</Text>
          )}
          {error instanceof Refusal && error.importId && (
            <Anchor component={Link} to={`/imports/${error.importId}`} size="sm">
              See the refused file
            </Anchor>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}
