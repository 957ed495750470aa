import { Page } from '../../frame/Page';

export default function ProgressPage() {
  return <Page title="Progress">{null}</Page>;
}
