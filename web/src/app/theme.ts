/** Light, dark, or as the system says. public/theme.js applies the choice before the first paint. */
export type Theme = 'system' | 'light' | 'dark'
const KEY = 'stageline-theme'

export const chosenTheme = (): Theme => (localStorage.getItem(KEY) as Theme | null) ?? 'system'

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, theme)
  const dark = theme === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark'
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => chooseTheme(chosenTheme()))

// Paper is white: a page printed in the dark theme is printed in the light one.
addEventListener('beforeprint', () => {
  document.documentElement.dataset.theme = 'light'
})
addEventListener('afterprint', () => chooseTheme(chosenTheme()))
