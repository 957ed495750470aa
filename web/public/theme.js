// Before anything is drawn: the colour scheme that was chosen here, so that a dark page does not begin in white.
{
  let chosen = null;
  try {
    chosen = localStorage.getItem('convoke-colour-scheme');
  } catch {
    // Without storage the system decides.
  }
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const scheme = chosen === 'light' || chosen === 'dark' ? chosen : isDark ? 'dark' : 'light';
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
}
