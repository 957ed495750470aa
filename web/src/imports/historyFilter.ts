// Which imports of the history are shown; it stands in the address.
const KEYS = ['status', 'kind', 'as', 'search'] as const;

export type HistoryFilter = { [key in (typeof KEYS)[number]]?: string };

export function historyFilter(search: Record<string, unknown>): HistoryFilter {
  const entries = KEYS.map((key) => [key, search[key]] as const);
  return Object.fromEntries(
    entries.filter(([, value]) => typeof value === 'string' && value !== ''),
  ) as HistoryFilter;
}
