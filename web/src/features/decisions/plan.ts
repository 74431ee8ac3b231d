/** The plan a decision is about, in columns few enough to read. Sums are for display; the exact amounts stay with the server. */
import type { DecisionMeasureFragment, ValueKind } from '../../gql/documents'
import { addMonths, monthName, monthsBetween } from '../../ui/dates'

export type Span = { key: string; label: string; year: string; amount: number }

/** More months than this are drawn by quarter. */
const BY_MONTH = 14

/** The plan of some kinds by month: lines of the same month are added up. */
export function planByMonth(measure: DecisionMeasureFragment, kinds: readonly ValueKind[]): Map<string, number> {
  const found = new Map<string, number>()
  const add = (month: string, amount: string) => found.set(month, (found.get(month) ?? 0) + Number(amount))
  if (measure.__typename === 'SalesPlan') {
    for (const line of measure.quota) if (line.amount) add(line.month, line.amount.amount)
    return found
  }
  for (const line of measure.valueLines) {
    if (!kinds.includes(line.kind)) continue
    for (const one of line.months) if (one.plan) add(one.month, one.plan.amount)
  }
  return found
}

/** The kinds that count in the headline where the measure has one of them, else all that are no cost. */
export function kindsOf(measure: DecisionMeasureFragment, headline: readonly ValueKind[]): ValueKind[] {
  if (measure.__typename === 'SalesPlan') return []
  const has = measure.valueLines.map((line) => line.kind)
  const counted = headline.filter((kind) => has.includes(kind))
  return counted.length > 0 ? counted : [...new Set(has)]
}

/** Columns from the first month with an amount to the last: months where they are few, else calendar quarters. */
export function spansOf(months: ReadonlyMap<string, number>): Span[] {
  const known = [...months.keys()].sort()
  const [first, last] = [known[0], known.at(-1)]
  if (!first || !last) return []
  const all = monthsBetween(first, last)
  if (all.length <= BY_MONTH)
    return all.map((month) => ({
      key: month,
      label: monthName(month),
      year: month.slice(0, 4),
      amount: months.get(month) ?? 0,
    }))
  const quarters = new Map<string, Span>()
  for (const month of all) {
    const quarter = Math.ceil(Number(month.slice(5, 7)) / 3)
    const year = month.slice(0, 4)
    const key = `${year}-Q${quarter}`
    const span = quarters.get(key) ?? { key, label: `Q${quarter}`, year, amount: 0 }
    span.amount += months.get(month) ?? 0
    quarters.set(key, span)
  }
  return [...quarters.values()]
}

/** The months whose quota a decision may be about: wide enough for every plan, and the same for everybody today. */
export const quotaMonths = (today: string) => ({
  quotaFrom: addMonths(today.slice(0, 7), -24),
  quotaTo: addMonths(today.slice(0, 7), 35),
})
