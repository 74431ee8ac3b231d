import type { Period } from '../../app/period'
import type { PlanPageFragment } from '../../gql/documents'
import { Glyph } from '../../ui/Glyph'
import { amountOf, compact, percent, plain, plural, type Scale, signed, times, unitOf } from '../../ui/numbers'
import { Amount, Pulse } from '../../ui/parts'
import { ExplainSales } from '../board/Explain'
import { Fig } from '../board/HeadlineFigures'

/** A figure that cannot be worked out yet. */
const BLANK = <span className="dim">–</span>

const held = (share: number): number => Math.min(100, Math.max(0, share * 100))

/** The figures of a sales plan, each with its bar: fill is now, the mark is where it should be. */
export function PlanFigures({
  plan,
  scale,
  currency,
  due,
  period,
}: {
  plan: PlanPageFragment
  scale: Scale
  currency: string
  due: number
  period: Period
}) {
  const { sales, id } = plan
  const unit = unitOf(scale, currency)
  const quota = amountOf(sales.quota)
  const won = amountOf(sales.won)
  const gap = amountOf(sales.gap)
  const weighted = amountOf(sales.weightedPipeline)
  const open = amountOf(sales.openPipeline)
  const coverage = Number(sales.coverage ?? 0)
  const required = Number(sales.requiredCoverage ?? 0)
  const top = Math.max(coverage, required, 0.1) * 1.2
  const missing = required * gap - open
  const of = (amount: number) => compact(amount, scale)
  const common = { id, period }
  return (
    <section className="figs f4" aria-label="Figures">
      <Fig
        name="Attainment"
        unit="% of quota"
        explain={<ExplainSales {...common} title="Won" pick={(area) => area.won} />}
        bar={
          <div className="bar" aria-hidden="true">
            <b style={{ width: `${quota ? held(won / quota) : 0}%` }} />
            {due > 0 && <u style={{ left: `${held(due / Math.max(quota, 1))}%` }} />}
          </div>
        }
        note={
          <>
            <span>
              won {of(won)} {quota ? `of ${of(quota)} ${unit}` : `${unit}, no quota in these months`}
            </span>
            {due > 0 && <span className="due">due by today {of(due)}</span>}
          </>
        }
      >
        <Pulse of={String(sales.attainment)}>
          {sales.attainment === null ? BLANK : plain(Number(sales.attainment) * 100, 1)}
        </Pulse>
      </Fig>
      <Fig
        name="Gap"
        unit={unit}
        explain={<ExplainSales {...common} title="Gap" pick={(area) => area.gap} />}
        bar={
          <div className="bar" aria-hidden="true">
            <b style={{ width: `${quota ? held(won / quota) : 0}%` }} />
            <s
              style={{
                left: `${quota ? held(won / quota) : 0}%`,
                width: `${quota ? Math.min(100 - held(won / quota), held(weighted / quota)) : 0}%`,
              }}
            />
          </div>
        }
        note={
          <>
            <span>weighted pipeline {of(weighted)}</span>
            {gap > weighted ? (
              <span className="worse">{signed(weighted - gap, scale)} open</span>
            ) : (
              gap > 0 && <span>covers the gap</span>
            )}
          </>
        }
      >
        <Amount money={sales.gap.value} scale={scale} />
      </Fig>
      <Fig
        name="Coverage"
        unit={sales.requiredCoverage ? `required ${times(sales.requiredCoverage)}` : 'required: no win rate yet'}
        explain={<ExplainSales {...common} title="Open pipeline" pick={(area) => area.openPipeline} />}
        bar={
          <div className="bar" aria-hidden="true">
            <b style={{ width: `${held(coverage / top)}%` }} />
            {required > 0 && <u style={{ left: `${held(required / top)}%` }} />}
          </div>
        }
        note={
          <>
            <span>
              pipeline {of(open)}, {plural(sales.openCount, 'deal')}
            </span>
            {sales.coverage !== null && coverage < required ? (
              <span className="risk">
                <Glyph name="risk" /> {of(missing)} short
              </span>
            ) : (
              sales.coverage !== null && (
                <span className="ok">
                  <Glyph name="done" /> enough
                </span>
              )
            )}
          </>
        }
      >
        <Pulse of={String(sales.coverage)}>{sales.coverage === null ? BLANK : times(sales.coverage)}</Pulse>
      </Fig>
      <Fig
        name="Win rate"
        unit="of closed deals"
        explain={<ExplainSales {...common} title="Weighted pipeline" pick={(area) => area.weightedPipeline} />}
        bar={
          <div className="bar" aria-hidden="true">
            <b style={{ width: `${held(Number(sales.winRate ?? 0))}%` }} />
          </div>
        }
        note={
          <span>
            {plain(sales.wonCount)} won, {plain(sales.lostCount)} lost
          </span>
        }
      >
        <Pulse of={String(sales.winRate)}>{sales.winRate === null ? BLANK : percent(sales.winRate, 1)}</Pulse>
      </Fig>
    </section>
  )
}
