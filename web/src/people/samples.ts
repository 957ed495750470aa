import advocates from '../../../samples/advocates.csv?url';
import creators from '../../../samples/creators.csv?url';
import prospects from '../../../samples/prospects.csv?url';
import type { Plural } from '../words/recordTypes';

/** Lists of made-up people, to try an import with. */
export const SAMPLES: Record<Plural, string> = { advocates, creators, prospects };
