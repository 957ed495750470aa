// The first step: a file is dropped or chosen, cells are pasted, or a sample is tried.
import { Alert, SimpleGrid } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { Page } from '../../frame/Page';
import { useMay } from '../../session/queries';
import { isPlural, type Plural, TYPES } from '../../words/recordTypes';
import { DropPlace } from './upload/DropPlace';
import { OnTheWay } from './upload/OnTheWay';
import { PasteCells } from './upload/PasteCells';
import { Samples } from './upload/Samples';
import { Templates } from './upload/Templates';
import { useUpload } from './upload/useUpload';

export default function UploadPage() {
  const { plural } = useParams({ strict: false });
  const may = useMay();
  if (!plural || !isPlural(plural)) return null;
  return (
    <Page
      title={`Import ${plural}`}
      about="Bring a list as it is. Nothing is imported before you have seen what the file will do."
      help="first-import"
    >
      {may('import') ? (
        <Upload plural={plural} />
      ) : (
        <Alert title="You can look at imports here, but not begin one">
          Ask an owner of this workspace to make you a manager.
        </Alert>
      )}
    </Page>
  );
}

function Upload({ plural }: { plural: Plural }) {
  const upload = useUpload(plural);
  const type = TYPES.find((it) => it.plural === plural)?.type ?? 'advocate';
  return (
    <>
      {upload.file && (
        <OnTheWay
          file={upload.file}
          sent={upload.sent}
          isSending={upload.isSending}
          error={upload.error}
          again={upload.again}
          cancel={upload.cancel}
        />
      )}
      {!upload.isSending && (
        <>
          <DropPlace take={upload.begin} />
          <SimpleGrid cols={{ base: 1, md: 3 }}>
            <PasteCells take={upload.begin} />
            <Templates type={type} plural={plural} />
            <Samples plural={plural} take={upload.begin} />
          </SimpleGrid>
        </>
      )}
    </>
  );
}
