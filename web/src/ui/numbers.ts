/**
 * Numbers as people read them. Amounts arrive as exact decimal strings; a float is used only to choose a scale and to
 * round for display, never to calculate what is shown as exact.
 */
export type Money = { amount: string; currency: string }
export type Scale = { divisor: number; prefix: '' | 'k' | 'M' }

export const MINUS = '\u2212'
export const NBSP = '\u00a0'
export const NONE = '·'

const ONES: Scale = { divisor: 1, prefix: '' }
const THOUSANDS: Scale = { divisor: 1e3, prefix: 'k' }
const MILLIONS: Scale = { divisor: 1e6, prefix: 'M' }

const symbols = new Map<string, string>()

/** "EUR" → "€"; a currency without a symbol of its own keeps its code. */
export function symbol(currency: string): string {
  let found = symbols.get(currency)
  if (found === undefined) {
    try {
      const parts = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
      found = parts.formatToParts(0).find((part) => part.type === 'currency')?.value ?? currency
    } catch {
      found = currency
    }
    symbols.set(currency, found)
  }
  return found
}

/** One scale for everything in a card, so that its unit is said once: chosen by the largest amount. */
export function scaleFor(amounts: Iterable<string | number | null | undefined>): Scale {
  let largest = 0
  for (const amount of amounts) largest = Math.max(largest, Math.abs(Number(amount ?? 0)))
  if (largest >= 1.5e6) return MILLIONS
  return largest >= 1e4 ? THOUSANDS : ONES
}

/** "M €" */
export const unitOf = (scale: Scale, currency: string): string =>
  scale.prefix ? `${scale.prefix}${NBSP}${symbol(currency)}` : symbol(currency)

export function plain(value: number, decimals = 0): string {
  const rounded = value.toLocaleString('en-GB', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  const sign = rounded.startsWith('-') && /[1-9]/.test(rounded) ? MINUS : ''
  return sign + rounded.replace(/^-/, '')
}

/** An amount in a scale: "−6.5". An amount one may not read, or that does not exist, is a dot. */
export function compact(amount: string | number | null | undefined, scale: Scale, decimals?: number): string {
  if (amount === null || amount === undefined) return NONE
  return plain(Number(amount) / scale.divisor, decimals ?? (scale.prefix === 'M' ? 1 : 0))
}

/** The same with its sign always written, for variances: "+0.30". */
export function signed(amount: string | number | null | undefined, scale: Scale, decimals?: number): string {
  const text = compact(amount, scale, decimals)
  return text !== NONE && !text.startsWith(MINUS) && /[1-9]/.test(text) ? `+${text}` : text
}

/** Every digit of the decimal string, grouped: "−1,234,567.80". */
export function digits(amount: string): string {
  const [, minus = '', whole = '', fraction = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(amount) ?? ['', '', amount, '']
  return (minus && MINUS) + whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',') + fraction
}

/** Exact, with its currency: what a compact number shows on hover. */
export const exact = (money: Money | null | undefined): string =>
  money ? `${digits(money.amount)}${NBSP}${symbol(money.currency)}` : 'no amount, or not yours to read'

/** An amount that the server wrote as text, "2,105,426.00 EUR"; null for anything else. */
export function moneyIn(text: string): Money | null {
  const [, amount, currency] = /^(-?[\d,]+(?:\.\d+)?) ([A-Z]{3})$/.exec(text) ?? []
  return amount && currency ? { amount: amount.replaceAll(',', ''), currency } : null
}

/** An amount that stands in a sentence of the server, "-2105426.00 EUR", as the screen writes amounts. */
export const readable = (text: string): string => {
  const money = moneyIn(text)
  return money ? exact(money) : text
}

export const percent = (ratio: number | string | null | undefined, decimals = 0): string =>
  ratio === null || ratio === undefined ? NONE : `${plain(Number(ratio) * 100, decimals)}${NBSP}%`

export const times = (ratio: number | string | null | undefined): string =>
  ratio === null || ratio === undefined ? NONE : `${plain(Number(ratio), 1)}×`

export const amountOf = (figure: { value: Money | null } | null | undefined): number =>
  Number(figure?.value?.amount ?? 0)

/** What a person typed, as the exact decimal string the API takes; null when it is no number. */
export function typedDecimal(text: string): string | null {
  const cleaned = text
    .trim()
    .replace(/[\s']/g, '')
    .replace(/^[\u2212\u2013]/, '-')
  if (/^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(cleaned)) return cleaned.replace(/,/g, '')
  if (/^-?\d+(\.\d+)?$/.test(cleaned)) return cleaned
  return /^-?\d+,\d{1,2}$/.test(cleaned) ? cleaned.replace(',', '.') : null
}

/** The size of a file: "840 kB". */
export const bytes = (count: number): string =>
  count < 1_000_000 ? `${plain(Math.max(1, Math.round(count / 1_000)))}${NBSP}kB` : `${plain(count / 1e6, 1)}${NBSP}MB`

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${plain(count)}${NBSP}${count === 1 ? one : many}`
