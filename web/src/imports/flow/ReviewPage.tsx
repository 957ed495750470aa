import { Page } from '../../frame/Page';

export default function ReviewPage() {
  return <Page title="Review">{null}</Page>;
}
