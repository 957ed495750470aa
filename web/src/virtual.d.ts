declare module 'virtual:guide' {
  const pages: { page: string; title: string; part: string; load: () => Promise<{ default: string }> }[];
  export default pages;
}
