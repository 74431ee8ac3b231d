/** Exact sums of amounts that the server wrote as text. */
import { type Money, moneyIn } from '../../ui/numbers'

/** The sum of amounts of one currency, without a float; null where one of them is no amount, or there is none. */
export function summed(texts: readonly string[]): Money | null {
  const amounts = texts.map(moneyIn)
  const places = Math.max(0, ...amounts.map((one) => one?.amount.split('.')[1]?.length ?? 0))
  let units = 0n
  for (const one of amounts) {
    if (!one || one.currency !== amounts[0]?.currency) return null
    const [whole = '0', fraction = ''] = one.amount.split('.')
    units += BigInt(whole + fraction.padEnd(places, '0'))
  }
  const first = amounts[0]
  if (!first) return null
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  const amount = places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits
  return { amount: units < 0n ? `-${amount}` : amount, currency: first.currency }
}
