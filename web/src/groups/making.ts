// Groups are made on their page, under Options and in a review.
import { answer, api, deedKey, Refusal, type Shapes } from '../api/client';

export const makeGroup = (group: Shapes['NewGroup']) =>
  answer(api.POST('/api/v1/groups', { params: { header: { 'Idempotency-Key': deedKey() } }, body: group }));

/** Makes it unless it is there: if somebody else was faster, that is what was wanted. */
export async function makeGroupUnlessThere(name: string): Promise<string> {
  try {
    return (await makeGroup({ name })).name;
  } catch (error) {
    if (error instanceof Refusal && error.status === 409) return name;
    throw error;
  }
}
