import { useQuery } from '@tanstack/react-query';
import { Page } from '../frame/Page';
import { ImportLines } from './ImportLines';
import { historyQuery } from './queries';

export default function HistoryPage() {
  const history = useQuery(historyQuery({}));
  return (
    <Page title="Imports" about="Every import and dry run, the newest first." help="report">
      <ImportLines history={history} />
    </Page>
  );
}
