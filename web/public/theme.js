// Runs before the first paint, so that nobody who works in the dark sees a white flash. src/app/theme.ts does the rest.
{
  const chosen = localStorage.getItem('stageline-theme')
  const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
}
