declare module 'virtual:guide' {
  const pages: { page: string; title: string; load: () => Promise<{ default: string }> }[];
  export default pages;
}
