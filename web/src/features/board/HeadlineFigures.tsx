import type { ReactNode } from 'react'
import type { Period } from '../../app/period'
import type { RollUpExplainedFragment, RollUpFiguresFragment } from '../../gql/documents'
import { amountOf, percent, plural, type Scale, unitOf } from '../../ui/numbers'
import { Amount } from '../../ui/parts'
import { kindsTogether } from '../../ui/words'
import { ExplainRollUp } from './Explain'

const HIDDEN = 'not yours to read'

type Headline = RollUpFiguresFragment['headline']
type Key = 'plan' | 'outlook' | 'actual' | 'confirmed' | 'gap'

/** Width of a bar in per cent, held inside its track. */
const width = (part: number, whole: number): number =>
  whole > 0 ? Math.min(100, Math.max(0, (part / whole) * 100)) : 0

/** Fill = now; mark = where it should be. The shortfall is the one coloured part. */
function Track({ now, whole, mark, short }: { now: number; whole: number; mark?: number; short?: boolean }) {
  const filled = width(now, whole)
  return (
    <div className="bar" aria-hidden="true">
      <b style={{ width: `${filled}%` }} />
      {short && whole > 0 && filled < 100 && <s className="short" style={{ left: `${filled}%`, right: 0 }} />}
      {mark !== undefined && whole > 0 && <u style={{ left: `${width(mark, whole)}%` }} />}
    </div>
  )
}

/** Implemented, decided and not yet decided parts of the outlook. */
function StageMix({ rollUp }: { rollUp: RollUpFiguresFragment }) {
  const of = (stages: string[]) =>
    rollUp.funnel.filter((row) => stages.includes(row.stage)).reduce((sum, row) => sum + amountOf(row.outlook), 0)
  const done = of(['IMPLEMENTED', 'CLOSED'])
  const decided = of(['DECIDED'])
  const whole = Math.max(amountOf(rollUp.headline.outlook), 1)
  return (
    <div className="bar" aria-hidden="true">
      <b style={{ width: `${width(done, whole)}%` }} />
      <s style={{ left: `${width(done, whole)}%`, width: `${width(decided, whole)}%` }} />
      <s className="open" style={{ left: `${width(done + decided, whole)}%`, right: 0 }} />
    </div>
  )
}

type FigProps = { name: string; children: ReactNode; unit: string; explain: ReactNode; bar: ReactNode; note: ReactNode }

export const Fig = ({ name, children, unit, explain, bar, note }: FigProps) => (
  <div className="fig">
    <div className="fh">
      <h2>{name}</h2>
      {explain}
    </div>
    <p className="v num">
      {children}
      <small>{unit}</small>
    </p>
    {bar}
    <p className="n">{note}</p>
  </div>
)

/** The five figures: plan, outlook, actual, confirmed and the gap between the first two. */
export function HeadlineFigures({
  rollUp,
  scale,
  currency,
  id,
  period,
}: {
  rollUp: RollUpFiguresFragment
  scale: Scale
  currency: string
  id: string
  period: Period
}) {
  const { headline } = rollUp
  const plan = amountOf(headline.plan)
  const outlook = amountOf(headline.outlook)
  const actual = amountOf(headline.actual)
  const confirmed = amountOf(headline.confirmed)
  const measures = rollUp.leakage.find((step) => step.name === 'Plan')?.measures ?? 0
  const unit = unitOf(scale, currency)
  const hidden = headline.plan.value === null
  const ratio = (part: number, whole: number, of: string) =>
    hidden ? HIDDEN : whole > 0 ? `${percent(part / whole)} of ${of}` : `no ${of} yet`
  const notes: Record<Key, ReactNode> = {
    plan: plural(measures, 'measure'),
    outlook: ratio(outlook, plan, 'plan'),
    actual: ratio(actual, outlook, 'outlook'),
    confirmed: ratio(confirmed, actual, 'actual'),
    gap: hidden ? HIDDEN : 'outlook less plan',
  }
  const whole = Math.max(plan, outlook)
  const bars: Record<Key, ReactNode> = {
    plan: <StageMix rollUp={rollUp} />,
    outlook: <Track now={outlook} whole={whole} mark={plan} />,
    actual: <Track now={actual} whole={whole} mark={outlook} />,
    confirmed: <Track now={confirmed} whole={whole} mark={actual} />,
    gap: <Track now={outlook} whole={whole} mark={plan} short />,
  }
  const names: Record<Key, string> = {
    plan: 'Plan',
    outlook: 'Outlook',
    actual: 'Actual',
    confirmed: 'Confirmed',
    gap: 'Gap',
  }
  return (
    <section className="figs" aria-label={`Figures: ${kindsTogether(headline.kinds)}`}>
      {(Object.keys(names) as Key[]).map((key) => (
        <Fig
          key={key}
          name={names[key]}
          unit={unit}
          bar={bars[key]}
          note={notes[key]}
          explain={
            <ExplainRollUp
              title={names[key]}
              id={id}
              period={period}
              pick={(area: RollUpExplainedFragment) => area.headline[key]}
            />
          }
        >
          <Amount money={(headline as Headline)[key].value} scale={scale} variance={key === 'gap'} />
        </Fig>
      ))}
    </section>
  )
}
