// Lists of made-up people, to try an import with.
import advocates from '../../../samples/advocates.csv?url';
import advocatesRealLife from '../../../samples/advocates-real-life.csv?url';
import creators from '../../../samples/creators.csv?url';
import creatorsRealLife from '../../../samples/creators-real-life.csv?url';
import prospects from '../../../samples/prospects.csv?url';
import prospectsRealLife from '../../../samples/prospects-real-life.csv?url';
import type { Plural } from './recordTypes';

export type Sample = { name: string; title: string; address: string };

const samples = (plural: Plural, tidy: string, realLife: string): [Sample, Sample] => [
  { name: `${plural}.csv`, title: 'A tidy list', address: tidy },
  { name: `${plural}-real-life.csv`, title: 'A list with mistakes in it', address: realLife },
];

/** The tidy one first. */
export const SAMPLES: Record<Plural, [Sample, Sample]> = {
  creators: samples('creators', creators, creatorsRealLife),
  prospects: samples('prospects', prospects, prospectsRealLife),
  advocates: samples('advocates', advocates, advocatesRealLife),
};
