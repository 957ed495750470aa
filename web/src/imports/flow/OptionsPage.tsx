import { Page } from '../../frame/Page';

export default function OptionsPage() {
  return <Page title="Options">{null}</Page>;
}
