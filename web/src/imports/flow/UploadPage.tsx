import { Page } from '../../frame/Page';

export default function UploadPage() {
  return <Page title="Upload">{null}</Page>;
}
