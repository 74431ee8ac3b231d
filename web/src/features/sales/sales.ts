/** Figures of one slice of sales, for display (law §5). The plan's own figures come from the server. */
import { daysBetween } from '../../ui/dates'

/** Null for who may not read amounts. */
type Amount = { amount: string } | null
type Amounts = {
  quota: Amount
  won: Amount
  openPipeline: Amount
  winRate: string | null
}

export type SliceFigures = {
  quota: number
  won: number | null
  open: number | null
  /** Won ÷ quota; null without a quota. */
  attainment: number | null
  /** max(quota − won, 0); null without a quota. */
  gap: number | null
  winRate: number | null
  /** Open pipeline ÷ remaining quota; null when nothing remains. */
  coverage: number | null
  /** 1 ÷ win rate. */
  required: number | null
  short: boolean
}

export function figuresOf(slice: Amounts): SliceFigures {
  const quota = Number(slice.quota?.amount ?? 0)
  const won = slice.won && Number(slice.won.amount)
  const open = slice.openPipeline && Number(slice.openPipeline.amount)
  const winRate = slice.winRate === null ? null : Number(slice.winRate)
  const gap = quota > 0 && won !== null ? Math.max(quota - won, 0) : null
  const coverage = gap && open !== null ? open / gap : null
  const required = winRate ? 1 / winRate : null
  return {
    quota,
    won,
    open,
    winRate,
    gap,
    attainment: quota > 0 && won !== null ? won / quota : null,
    coverage,
    required,
    short: coverage !== null && required !== null && coverage < required,
  }
}

/**
 * The quota that is due by a day: the months before it in full, its own month by its share of days. It is the mark on
 * the attainment bar, where a plan that keeps pace would stand.
 */
export function dueBy(months: readonly { month: string; quota: number }[], day: string): number {
  const current = day.slice(0, 7)
  const first = `${current}-01`
  const next =
    Number(current.slice(5)) === 12
      ? `${Number(current.slice(0, 4)) + 1}-01-01`
      : `${current.slice(0, 5)}${String(Number(current.slice(5)) + 1).padStart(2, '0')}-01`
  const elapsed = (daysBetween(first, day) + 1) / daysBetween(first, next)
  return months.reduce(
    (sum, one) => sum + (one.month < current ? one.quota : one.month === current ? one.quota * elapsed : 0),
    0,
  )
}

type Incentive = { seller: { id: string; name: string }; name: string; weight: string; rewards: { id: string } | null }
export type Alignment = {
  seller: { id: string; name: string }
  parts: { name: string; weight: number; to: 'plan' | 'above' | 'elsewhere' }[]
  aligned: number
}

/** Incentive weight by seller, and how much of it points at the plan or at what stands above it. */
export function alignmentOf(
  incentives: readonly Incentive[],
  plan: string,
  ancestors: readonly string[],
): { sellers: Alignment[]; share: number | null } {
  const sellers = new Map<string, Alignment>()
  for (const one of incentives) {
    const row = sellers.get(one.seller.id) ?? { seller: one.seller, parts: [], aligned: 0 }
    const to =
      one.rewards?.id === plan ? 'plan' : one.rewards && ancestors.includes(one.rewards.id) ? 'above' : 'elsewhere'
    const weight = Number(one.weight)
    row.parts.push({ name: one.name, weight, to })
    if (to !== 'elsewhere') row.aligned += weight
    sellers.set(one.seller.id, row)
  }
  const rows = [...sellers.values()]
  const all = rows.reduce((sum, row) => sum + row.parts.reduce((part, one) => part + one.weight, 0), 0)
  const aligned = rows.reduce((sum, row) => sum + row.aligned, 0)
  return { sellers: rows, share: all > 0 ? aligned / all : null }
}
