import { useId } from 'react'
import { monthName } from './dates'
import { Hatch } from './Hatch'
import { compact, type Scale } from './numbers'

export type Column = {
  month: string
  /** What stands below the column, where it is not the month's name. */
  label?: string
  /** Outlined, behind. */
  plan: number | null
  /** Solid. */
  solid: number | null
  /** Hatched, on top of what is solid. */
  hatched: number | null
}

type Props = {
  columns: Column[]
  scale: Scale
  current: string
  label: string
  height?: number
  decimals?: number
}

const BOTTOM = 22
const TOP = 20

/** Columns by month: plan outlined behind and a little to the left, actual solid, forecast hatched. No axis: the values stand at the columns. */
export function MonthChart({ columns, scale, current, label, height = 188, decimals }: Props) {
  const hatch = useId()
  const base = height - BOTTOM
  const ends = columns.flatMap((one) => [one.plan ?? 0, (one.solid ?? 0) + (one.hatched ?? 0)])
  const high = Math.max(0, ...ends)
  const low = Math.min(0, ...ends)
  const perUnit = (base - TOP) / Math.max(high - low, 1e-9)
  const zero = base + low * perUnit
  const step = 100 / Math.max(columns.length, 1)
  // With nothing in front of it, the plan stands in the middle of its column.
  const left = columns.every((one) => one.solid === null && one.hatched === null) ? 0.2 : 0.1
  const bar = (value: number, from = 0) => {
    const one = zero - from * perUnit
    const other = zero - (from + value) * perUnit
    return { y: Math.min(one, other), height: Math.abs(one - other) }
  }
  return (
    <svg className="chart" width="100%" height={height} role="img" aria-label={label}>
      <Hatch id={hatch} />
      {columns.map((one, index) => {
        const x = index * step
        const now = one.month === current
        const solid = one.solid ?? 0
        const shown = one.solid !== null || one.hatched !== null ? solid + (one.hatched ?? 0) : one.plan
        const top = zero - Math.max(0, one.plan ?? 0, solid + (one.hatched ?? 0)) * perUnit
        return (
          <g key={one.month}>
            {now && (
              <rect className="cur" x={`${x + step * 0.03}%`} y="0" width={`${step * 0.94}%`} height={height} rx="4" />
            )}
            {one.plan !== null && one.plan !== 0 && (
              <rect className="plan" x={`${x + step * left}%`} width={`${step * 0.6}%`} {...bar(one.plan)} />
            )}
            {one.hatched !== null && one.hatched !== 0 && (
              <rect
                className="fc"
                fill={`url(#${hatch})`}
                x={`${x + step * 0.3}%`}
                width={`${step * 0.6}%`}
                {...bar(one.hatched, solid)}
              />
            )}
            {one.solid !== null && one.solid !== 0 && (
              <rect className="act" x={`${x + step * 0.3}%`} width={`${step * 0.6}%`} {...bar(one.solid)} />
            )}
            {shown !== null && (
              <text className="val" x={`${x + step * 0.5}%`} y={top - 5}>
                {compact(shown, scale, decimals)}
              </text>
            )}
            <text className={now ? 'ax now' : 'ax'} x={`${x + step * 0.5}%`} y={height - 6}>
              {one.label ?? monthName(one.month)}
            </text>
          </g>
        )
      })}
      <line className="base" x1="0" x2="100%" y1={zero + 0.5} y2={zero + 0.5} />
    </svg>
  )
}
