/** Sums over the months on the screen, for display; the exact amounts stay with the server. */
export type Series = 'PLAN' | 'FORECAST' | 'ACTUAL' | 'CONFIRMED'

export type MonthRow = {
  month: string
  plan: number | null
  forecast: number | null
  actual: number | null
  confirmed: number | null
  outlook: number | null
}

type Key = Exclude<keyof MonthRow, 'month'>

/** The sum of a series, or null when no month has an amount: nothing is not zero. */
export function seriesSum(months: readonly MonthRow[], key: Key): number | null {
  const amounts = months.flatMap((month) => (month[key] === null ? [] : [month[key]]))
  return amounts.length === 0 ? null : amounts.reduce((sum, amount) => sum + amount, 0)
}

/** Outlook less plan of one month; null where neither is known. */
export const varianceOf = (month: MonthRow): number | null =>
  month.plan === null && month.outlook === null ? null : (month.outlook ?? 0) - (month.plan ?? 0)
