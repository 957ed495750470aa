import { Page } from '../../frame/Page';

export default function ReportPage() {
  return <Page title="Report">{null}</Page>;
}
