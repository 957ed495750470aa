// The standard fields of the record types: what a file must have, and what happens to a value that is there (SPEC 2 and 2.2).
import type { RecordType } from '../api/client';

export const TEMPLATE: Record<RecordType, { required: string[]; optional: string[] }> = {
  creator: {
    required: ['Platform', 'Handle'],
    optional: [
      'Name',
      'Email',
      'Country',
      'Language',
      'Followers',
      'Engagement Rate',
      'Profile URL',
      'Notes',
      'Tags',
    ],
  },
  prospect: {
    required: ['Name', 'Email'],
    optional: ['Company', 'Website', 'Phone', 'Country', 'Platform', 'Handle', 'Group', 'Notes'],
  },
  advocate: {
    required: ['Name', 'Email'],
    optional: [
      'Title',
      'Company',
      'Position',
      'Industry',
      'Salesforce ID',
      'Product',
      'External Contact ID',
      'External Account ID',
    ],
  },
};

const PLATFORMS = [
  'Instagram',
  'TikTok',
  'YouTube',
  'X',
  'Twitch',
  'Facebook',
  'Pinterest',
  'Snapchat',
  'LinkedIn',
  'Threads',
  'Bluesky',
  'Mastodon',
];

const ACCOUNTS = PLATFORMS.map((platform) => `${platform} Handle`);

/** Columns may be these too, which no template has. */
export const BESIDE: Record<RecordType, { names: string[]; accounts: string[] }> = {
  creator: { names: [], accounts: ACCOUNTS },
  prospect: { names: ['First Name', 'Last Name'], accounts: ACCOUNTS },
  advocate: { names: ['First Name', 'Last Name'], accounts: [] },
};

export const isStandard = (type: RecordType, field: string) =>
  [...TEMPLATE[type].required, ...TEMPLATE[type].optional, ...BESIDE[type].names, 'Group', 'Tags'].includes(
    field,
  ) || ACCOUNTS.includes(field);

/** One of each line has to be there. */
export const NEEDED: Record<RecordType, { name: string; fields: string[] }[]> = {
  creator: [{ name: 'Handle', fields: ['Handle', 'Profile URL', ...ACCOUNTS] }],
  prospect: [
    { name: 'Name', fields: ['Name', 'First Name', 'Last Name'] },
    { name: 'Email', fields: ['Email'] },
  ],
  advocate: [
    { name: 'Name', fields: ['Name', 'First Name', 'Last Name'] },
    { name: 'Email', fields: ['Email'] },
  ],
};

export type Policy = 'keep' | 'fill' | 'overwrite';

/** Who somebody is, and what only adds up, has no policy. */
export function hasPolicy(type: RecordType, field: string): boolean {
  const identity = type === 'creator' ? ['Platform', 'Handle'] : ['Email'];
  return ![...identity, 'Last Name', 'Group', 'Tags', ...ACCOUNTS].includes(field);
}

export function usualPolicy(type: RecordType, field: string): Policy {
  if (type === 'creator') return field === 'Followers' || field === 'Engagement Rate' ? 'overwrite' : 'fill';
  if (!isStandard(type, field)) return 'overwrite';
  if (type === 'prospect') return 'fill';
  return ['Name', 'First Name', 'Title', 'Company'].includes(field) ? 'fill' : 'overwrite';
}

export const usualOnMatch = (type: RecordType) => (type === 'creator' ? 'skip' : 'merge');
