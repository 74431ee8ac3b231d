import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import type { RollUpFiguresFragment } from '../../gql/documents'
import { Hatch } from '../../ui/Hatch'
import { amountOf, compact, NONE, type Scale, signed, unitOf } from '../../ui/numbers'
import { stageNumber, word } from '../../ui/words'
import { type Bar, extent, waterfall } from './waterfall'

const ROW = 24
const GAP = 4
/** The widest bar ends here, in per cent; the rest is room for the number beside it. */
const WIDEST = 88

/** The top of each bar's row: totals stand a little apart. */
function tops(bars: readonly Bar[]): number[] {
  let y = 0
  return bars.map((bar) => {
    if (bar.total) y += GAP
    const top = y
    y += ROW
    return top
  })
}

function BarRow({
  bar,
  top,
  x,
  hatch,
  scale,
}: {
  bar: Bar
  top: number
  x: (value: number) => number
  hatch: string
  scale: Scale
}) {
  const left = Math.min(x(bar.from), x(bar.to))
  const width = Math.abs(x(bar.to) - x(bar.from))
  const step = bar.stage === null && !bar.total
  const inside = bar.fill === 'tot' && width > 16
  const text = bar.value === 0 ? NONE : step ? signed(bar.value, scale) : compact(bar.value, scale)
  const tone = bar.fill === 'low' && bar.value < 0 ? 'worse' : bar.fill === 'high' ? 'better' : ''
  const end = step || inside
  return (
    <>
      {width > 0 && (
        <rect
          className={bar.fill}
          fill={bar.fill === 'fc' ? `url(#${hatch})` : undefined}
          x={`${left}%`}
          y={top + 6}
          width={`${width}%`}
          height="12"
        />
      )}
      <text
        className={`wv ${bar.total ? 'b' : ''} ${inside ? 'in' : ''} ${end ? 'end' : ''} ${tone}`}
        x={`${inside ? left + width : step ? left : left + width}%`}
        dx={end ? -6 : 6}
        y={top + 16}
      >
        {text}
      </text>
    </>
  )
}

function Chart({ bars, scale, label }: { bars: Bar[]; scale: Scale; label: string }) {
  const hatch = useId()
  const { low, high } = extent(bars)
  const x = (value: number) => ((value - low) / Math.max(high - low, 1)) * WIDEST
  const rows = tops(bars)
  const height = (rows.at(-1) ?? 0) + ROW
  const plan = bars.at(-1)
  return (
    <svg className="chart" width="100%" height={height} role="img" aria-label={label}>
      <Hatch id={hatch} />
      {bars.map((bar, index) => {
        const top = rows[index] ?? 0
        const next = rows[index + 1]
        return (
          <g key={bar.name}>
            <BarRow bar={bar} top={top} x={x} hatch={hatch} scale={scale} />
            {next !== undefined && (
              <line className="conn" x1={`${x(bar.to)}%`} x2={`${x(bar.to)}%`} y1={top + 18} y2={next + 6} />
            )}
          </g>
        )
      })}
      {plan && (
        <line className="planline" x1={`${x(plan.to)}%`} x2={`${x(plan.to)}%`} y1="0" y2={(rows.at(-1) ?? 0) + 6} />
      )}
    </svg>
  )
}

const filterOf = (bar: Bar) =>
  bar.stage
    ? { stage: bar.stage }
    : bar.name === 'On hold'
      ? { standing: 'ON_HOLD' }
      : bar.name === 'Cancelled'
        ? { standing: 'CANCELLED' }
        : {}

export function WaterfallCard({
  rollUp,
  scale,
  currency,
  period,
}: {
  rollUp: RollUpFiguresFragment
  scale: Scale
  currency: string
  period: string
}) {
  const bars = waterfall(
    rollUp.funnel.map((row) => ({ stage: row.stage, measures: row.measures, outlook: amountOf(row.outlook) })),
    rollUp.leakage.map((step) => ({ name: step.name, measures: step.measures, amount: amountOf(step.amount) })),
  )
  const unit = unitOf(scale, currency)
  const outlook = compact(rollUp.headline.outlook.value?.amount, scale)
  const plan = compact(rollUp.headline.plan.value?.amount, scale)
  const label = `Value by degree of implementation, from closed to defined, adding up to an outlook of ${outlook} against a plan of ${plan} ${unit}`
  return (
    <section className="card wfc" aria-label="Degree of implementation">
      <header>
        <h2>Degree of implementation</h2>
        <span className="grow" />
        <span className="unit">
          {unit}, {period}
        </span>
      </header>
      <div className="wf">
        <ol>
          {bars.map((bar) => (
            <li key={bar.name} className={bar.total ? 'sum' : bar.stage ? undefined : 'after'}>
              <Link to="/cascade" search={filterOf(bar)}>
                <b>{bar.stage ? stageNumber(bar.stage) : ''}</b>
                <span>{bar.name}</span>
                <em>{bar.measures ?? ''}</em>
                <span className="sr">
                  {bar.measures === null ? '' : ' measures, '}
                  {compact(bar.value, scale)} {unit}
                </span>
              </Link>
            </li>
          ))}
        </ol>
        <Chart bars={bars} scale={scale} label={label} />
      </div>
      <footer>
        <span className="leg">
          <span>
            <i className="k-act" />
            {word('IMPLEMENTED')} or {word('CLOSED').toLowerCase()}
          </span>
          <span>
            <i className="k-fc" />
            {word('DECIDED')}
          </span>
          <span>
            <i className="k-plan" />
            Not yet {word('DECIDED').toLowerCase()}
          </span>
        </span>
        <span className="grow" />
        <Link className="only-ph lk" to="/cascade">
          Open the cascade
        </Link>
      </footer>
    </section>
  )
}
