import { Page } from '../../frame/Page';

export default function ColumnsPage() {
  return <Page title="Columns">{null}</Page>;
}
