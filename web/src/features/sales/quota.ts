/** Quota as the API takes it: the months it names are replaced whole, so each goes with all of its segments. */
import type { PlanQuotaFragment, SalesDimension } from '../../gql/documents'

export type QuotaRow = PlanQuotaFragment['quota'][number]
export type QuotaCell = { month: string; dimension: SalesDimension | null; segment: string | null; amount: string }

const placeOf = (cell: { month: string; dimension: SalesDimension | null; segment: string | null }): string =>
  `${cell.month}|${cell.dimension ?? ''}|${cell.segment ?? ''}`

/** Every line of the months in which a cell changes; an empty amount takes the cell out. */
export function wholeMonths(standing: readonly QuotaRow[], changed: readonly QuotaCell[]): QuotaCell[] {
  const months = new Set(changed.map((cell) => cell.month))
  const touched = new Set(changed.map(placeOf))
  const kept = standing
    .filter((row) => months.has(row.month) && !touched.has(placeOf(row)))
    .map(({ month, dimension, segment, amount }) => ({ month, dimension, segment, amount: amount?.amount ?? '' }))
  return [...kept, ...changed.map((cell) => ({ ...cell, amount: cell.amount || '0' }))]
}
