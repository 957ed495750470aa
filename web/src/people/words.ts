// People in words.
import type { Person } from './queries';

const TITLES: Record<string, string> = {
  email: 'E-mail',
  salesforce_id: 'Salesforce ID',
  external_contact_id: 'External contact ID',
  external_account_id: 'External account ID',
  profile_url: 'Profile address',
  engagement_rate: 'Engagement rate',
};

/** A standard field as a person reads it. */
export function fieldTitle(key: string): string {
  const words = key.replaceAll('_', ' ');
  return TITLES[key] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

export function fieldValue(key: string, value: unknown): string {
  if (key === 'platform') return platformOf(String(value));
  if (Array.isArray(value)) return value.map(String).join(', ');
  if (typeof value === 'number') {
    const shown = new Intl.NumberFormat(undefined, { maximumFractionDigits: 6 }).format(value);
    return key === 'engagement_rate' ? `${shown} %` : shown;
  }
  return String(value);
}

/** Addresses that a browser may open; what a file says otherwise stays text. */
export const isWebAddress = (value: unknown): value is string =>
  typeof value === 'string' && /^https?:\/\/[^\s]+$/i.test(value);

export const nameOf = ({ name, handle, email, identity }: Person) => name || handle || email || identity;

const PLATFORMS: Record<string, string> = {
  instagram: 'Instagram',
  tiktok: 'TikTok',
  youtube: 'YouTube',
  x: 'X',
  linkedin: 'LinkedIn',
  facebook: 'Facebook',
  twitch: 'Twitch',
  pinterest: 'Pinterest',
  snapchat: 'Snapchat',
  threads: 'Threads',
};

export const platformOf = (platform: string) => PLATFORMS[platform.toLowerCase()] ?? platform;
