/** The board's smaller cards: sales, value by kind, spend, gates waiting. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { NodeLink } from '../../app/NodeLink'
import type { Period } from '../../app/period'
import type { BoardSalesFragment, RollUpFiguresFragment, SalesExplainedFragment } from '../../gql/documents'
import { Glyph } from '../../ui/Glyph'
import { amountOf, compact, percent, plain, plural, type Scale, scaleFor, times, unitOf } from '../../ui/numbers'
import { Amount, Empty, Pulse } from '../../ui/parts'
import { STAGES, stageNumber, word } from '../../ui/words'
import { ExplainRollUp, ExplainSales } from './Explain'

/** A gate that has waited longer than this is called late. */
const LATE_DAYS = 14

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

/** Kinds in which there is anything at all. */
const used = (rows: RollUpFiguresFragment['byKind']) =>
  rows.filter((row) => [row.plan, row.outlook, row.gap, row.runRate].some((figure) => amountOf(figure) !== 0))

export function KindsCard({
  rollUp,
  scale,
  currency,
}: {
  rollUp: RollUpFiguresFragment
  scale: Scale
  currency: string
}) {
  return (
    <section className="card" aria-label="Value by kind">
      <header>
        <h2>Value by kind</h2>
        <span className="grow" />
        <span className="unit">{unitOf(scale, currency)}</span>
      </header>
      {used(rollUp.byKind).length === 0 ? (
        <Empty>No value line here has an amount in this period.</Empty>
      ) : (
        <table className="tb">
          <thead>
            <tr>
              <th className="l" scope="col">
                Kind
              </th>
              <th scope="col">Plan</th>
              <th scope="col">Outlook</th>
              <th scope="col">Gap</th>
              <th scope="col">
                <abbr title="Run-rate: last month × 12 of recurring lines" style={{ textDecoration: 'none' }}>
                  Run-rate
                </abbr>
              </th>
            </tr>
          </thead>
          <tbody>
            {used(rollUp.byKind).map((row) => (
              <tr key={row.kind}>
                <th scope="row">{word(row.kind)}</th>
                <td>
                  <Amount money={row.plan.value} scale={scale} />
                </td>
                <td>
                  <Amount money={row.outlook.value} scale={scale} />
                </td>
                <td>
                  <Amount
                    money={row.gap.value}
                    scale={scale}
                    variance={row.kind !== 'ONE_OFF_COST' && row.kind !== 'CAPEX' && row.kind !== 'RUN_COST'}
                  />
                </td>
                <td className="dim">
                  <Amount money={row.runRate.value} scale={scale} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <footer>
        <span className="note">Avoidance is never added to savings; revenue never to margin.</span>
      </footer>
    </section>
  )
}

export function SpendCard({ rollUp, id, period, currency }: Common & { rollUp: RollUpFiguresFragment }) {
  const unconfirmed = rollUp.leakage.find((step) => step.name === 'Not yet confirmed')
  const scale = scaleFor([rollUp.spend.value?.amount, rollUp.weighted.value?.amount])
  const before = amountOf(rollUp.spendBeforeDecision)
  const spend = amountOf(rollUp.spend)
  return (
    <section className="card" aria-label="Spend and certainty">
      <header>
        <h2>Spend and certainty</h2>
        <span className="grow" />
        <span className="unit">{unitOf(scale, currency)}</span>
      </header>
      <ul className="list rows">
        <li>
          <div className="row">
            <span className="a">
              <b>Spent so far</b>
              <span>one-off cost, capex and run cost</span>
            </span>
            <span className="m">
              <Amount money={rollUp.spend.value} scale={scale} />
              <small>
                <ExplainRollUp title="Spent so far" id={id} period={period} pick={(area) => area.spend} />
              </small>
            </span>
          </div>
        </li>
        <li>
          <div className="row">
            <span className="a">
              <b>Spent before a decision</b>
              <span>{spend > 0 ? `${percent(before / spend)} of the spend` : 'nothing spent yet'}</span>
            </span>
            <span className="m">
              <span className={before > 0 ? 'worse' : undefined}>
                <Amount money={rollUp.spendBeforeDecision.value} scale={scale} />
              </span>
              <small>
                <ExplainRollUp
                  title="Spent before a decision"
                  id={id}
                  period={period}
                  pick={(area) => area.spendBeforeDecision}
                />
              </small>
            </span>
          </div>
        </li>
        <li>
          <div className="row">
            <span className="a">
              <b>Stage-weighted value</b>
              <span>each stage at its weight</span>
            </span>
            <span className="m">
              <Amount money={rollUp.weighted.value} scale={scale} />
              <small>
                <ExplainRollUp title="Stage-weighted value" id={id} period={period} pick={(area) => area.weighted} />
              </small>
            </span>
          </div>
        </li>
        {unconfirmed && (
          <li>
            <div className="row">
              <span className="a">
                <b>Not yet confirmed</b>
                <span>outlook that is not in the books</span>
              </span>
              <span className="m">
                <Amount money={unconfirmed.amount.value} scale={scale} />
              </span>
            </div>
          </li>
        )}
      </ul>
    </section>
  )
}

export function GatesCard({
  rollUp,
  scale,
  currency,
}: {
  rollUp: RollUpFiguresFragment
  scale: Scale
  currency: string
}) {
  const waiting = rollUp.waiting.filter((gate) => gate.measures > 0)
  const count = waiting.reduce((sum, gate) => sum + gate.measures, 0)
  const value = waiting.reduce((sum, gate) => sum + amountOf(gate.value), 0)
  return (
    <section className="card" aria-label="Gates waiting">
      <header>
        <h2>Gates waiting</h2>
        <span className="grow" />
        <span className="unit">
          {plural(count, 'gate')}
          {count > 0 && `, ${compact(value, scale)} ${unitOf(scale, currency)}`}
        </span>
      </header>
      {count === 0 ? (
        <Empty>No submission waits for a decision.</Empty>
      ) : (
        <ul className="list rows">
          {waiting.map((gate) => {
            const from = STAGES[stageNumber(gate.into) - 1]
            const named = gate.value.inputs.filter((input) => input.source)
            return (
              <li key={gate.into}>
                <div className="row">
                  <span className="a">
                    <b>
                      <Link to="/cascade" search={{ stage: from }}>
                        Into {word(gate.into)}
                      </Link>
                    </b>
                    <span>
                      {plural(gate.measures, 'measure')}
                      {named.length > 0 && ': '}
                      {named.slice(0, 3).map((input, index) => (
                        <span key={input.source?.id}>
                          {index > 0 && ', '}
                          {input.source && (
                            <NodeLink className="lkn" node={input.source}>
                              {input.name}
                            </NodeLink>
                          )}
                        </span>
                      ))}
                      {named.length > 3 && ` and ${named.length - 3} more`}
                    </span>
                  </span>
                  <span className="m">
                    <Amount money={gate.value.value} scale={scale} decimals={2} />
                    <small className={gate.oldestDays > LATE_DAYS ? 'late' : undefined}>
                      {plural(gate.oldestDays, 'd', 'd')} {gate.oldestDays > LATE_DAYS && <Glyph name="risk" />}
                    </small>
                  </span>
                </div>
              </li>
            )
          })}
        </ul>
      )}
      <footer>
        <span className="note">
          Age of the oldest submission; <Glyph name="risk" /> after {LATE_DAYS} days.
        </span>
      </footer>
    </section>
  )
}
