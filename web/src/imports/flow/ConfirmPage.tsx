import { Page } from '../../frame/Page';

export default function ConfirmPage() {
  return <Page title="Confirm">{null}</Page>;
}
