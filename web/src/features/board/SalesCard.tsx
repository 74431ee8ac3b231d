import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Period } from '../../app/period'
import type { BoardSalesFragment, SalesExplainedFragment } from '../../gql/documents'
import { Glyph } from '../../ui/Glyph'
import { amountOf, compact, percent, plain, scaleFor, times, unitOf } from '../../ui/numbers'
import { Amount, Empty, Pulse } from '../../ui/parts'
import { ExplainSales } from './Explain'

type Common = { id: string; period: Period; currency: string }

function Meter({
  name,
  value,
  bar,
  note,
  explain,
}: {
  name: string
  value: ReactNode
  bar: ReactNode
  note: ReactNode
  explain?: ReactNode
}) {
  return (
    <li className="meter">
      <div className="fh">
        <h3>{name}</h3>
        <span className="mv num">{value}</span>
        {explain}
      </div>
      <div>
        {bar}
        <p className="n">{note}</p>
      </div>
    </li>
  )
}

const bar = (filled: number, mark?: number | null, hatched?: number): ReactNode => (
  <div className="bar" aria-hidden="true">
    <b style={{ width: `${Math.min(100, filled)}%` }} />
    {hatched !== undefined && (
      <s style={{ left: `${Math.min(100, filled)}%`, width: `${Math.max(0, Math.min(100 - filled, hatched))}%` }} />
    )}
    {mark !== null && mark !== undefined && <u style={{ left: `${Math.min(100, mark)}%` }} />}
  </div>
)

export function SalesCard({ sales, id, period, currency }: Common & { sales: BoardSalesFragment }) {
  const scale = scaleFor([sales.quota.value?.amount, sales.won.value?.amount])
  const unit = unitOf(scale, currency)
  const money = (figure: { value: { amount: string } | null }) => compact(figure.value?.amount, scale)
  const quota = amountOf(sales.quota)
  const coverage = Number(sales.coverage ?? 0)
  const required = Number(sales.requiredCoverage ?? 0)
  const top = Math.max(coverage, required, 0.1) * 1.15
  const short = sales.coverage !== null && coverage < required
  const explain = (title: string, pick: (area: SalesExplainedFragment) => SalesExplainedFragment['won']) => (
    <ExplainSales title={title} id={id} period={period} pick={pick} />
  )
  if (quota === 0 && sales.wonCount + sales.openCount + sales.lostCount === 0)
    return (
      <section className="card" aria-label="Sales">
        <header>
          <h2>Sales</h2>
        </header>
        <Empty>No sales plan here holds quota or results for {period.label}.</Empty>
      </section>
    )
  const won = quota > 0 ? (amountOf(sales.won) / quota) * 100 : 0
  const weighted = quota > 0 ? (amountOf(sales.weightedPipeline) / quota) * 100 : 0
  return (
    <section className="card" aria-label="Sales">
      <header>
        <h2>Sales</h2>
        <span className="grow" />
        <span className="unit">
          {unit}, {period.label}
        </span>
      </header>
      <ul className="meters">
        <Meter
          name="Attainment"
          explain={explain('Won', (area) => area.won)}
          value={<Pulse of={String(sales.attainment)}>{percent(sales.attainment, 1)}</Pulse>}
          bar={bar(won)}
          note={
            <>
              <span>won {money(sales.won)}</span>
              <span>quota {money(sales.quota)}</span>
            </>
          }
        />
        <Meter
          name="Gap"
          explain={explain('Gap', (area) => area.gap)}
          value={<Amount money={sales.gap.value} scale={scale} />}
          bar={bar(won, null, weighted)}
          note={
            <>
              <span>weighted pipeline {money(sales.weightedPipeline)}</span>
              <span>open {money(sales.openPipeline)}</span>
            </>
          }
        />
        <Meter
          name="Coverage"
          explain={explain('Open pipeline', (area) => area.openPipeline)}
          value={<Pulse of={String(sales.coverage)}>{times(sales.coverage)}</Pulse>}
          bar={bar((coverage / top) * 100, required ? (required / top) * 100 : null)}
          note={
            <>
              <span>
                {sales.requiredCoverage === null ? 'no win rate yet' : `required ${times(sales.requiredCoverage)}`}
              </span>
              {short ? (
                <span className="risk">
                  <Glyph name="risk" /> short
                </span>
              ) : (
                sales.coverage !== null &&
                sales.requiredCoverage !== null && (
                  <span className="ok">
                    <Glyph name="done" /> enough
                  </span>
                )
              )}
            </>
          }
        />
        <Meter
          name="Win rate"
          explain={explain('Weighted pipeline', (area) => area.weightedPipeline)}
          value={<Pulse of={String(sales.winRate)}>{percent(sales.winRate, 1)}</Pulse>}
          bar={bar(Number(sales.winRate ?? 0) * 100)}
          note={
            <span>
              {plain(sales.wonCount)} won, {plain(sales.lostCount)} lost, {plain(sales.openCount)} open
            </span>
          }
        />
      </ul>
      <footer>
        <Link className="lk" to="/plans">
          All sales plans
        </Link>
      </footer>
    </section>
  )
}
