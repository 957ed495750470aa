const BROWSERS: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrom(e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const SYSTEMS: [RegExp, string][] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

const named = (names: [RegExp, string][], client: string) =>
  names.find(([pattern]) => pattern.test(client))?.[1];

/** `Firefox on Windows`; what calls itself otherwise as it does. */
export function browserOf(client: string | null): string {
  if (!client) return 'Unknown';
  const [browser, system] = [named(BROWSERS, client), named(SYSTEMS, client)];
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? client.slice(0, 80);
}
