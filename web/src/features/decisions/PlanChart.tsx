import { useOrganization } from '../../app/session'
import type { DecisionMeasureFragment } from '../../gql/documents'
import { MonthChart } from '../../ui/MonthChart'
import { compact, scaleFor, unitOf } from '../../ui/numbers'
import { kindsTogether } from '../../ui/words'
import { kindsOf, planByMonth, spansOf } from './plan'

/** The years below the columns, each as wide as its columns. */
function Years({ spans }: { spans: readonly { year: string }[] }) {
  const years = [...new Set(spans.map((one) => one.year))]
  const widths = years.map((year) => `${spans.filter((one) => one.year === year).length}fr`)
  return (
    <div className="years" aria-hidden="true" style={{ gridTemplateColumns: widths.join(' ') }}>
      {years.map((year) => (
        <span key={year}>{year}</span>
      ))}
    </div>
  )
}

/** What is planned, over all its time: the shape that a decider judges. */
export function PlanChart({ measure }: { measure: DecisionMeasureFragment }) {
  const { reportingCurrency, policy } = useOrganization()
  const kinds = kindsOf(measure, policy.headlineKinds)
  const spans = spansOf(planByMonth(measure, kinds))
  if (spans.length === 0) return null
  const plan = measure.__typename === 'SalesPlan'
  const currency = (plan ? measure.quota[0]?.amount?.currency : measure.valueLines[0]?.currency) ?? reportingCurrency
  const scale = scaleFor(spans.map((one) => one.amount * 2))
  const decimals = scale.prefix === 'M' ? 2 : 0
  const what = plan ? 'Quota' : `Planned ${kindsTogether(kinds).toLowerCase()}`
  const by = spans[0]?.label.startsWith('Q') ? 'quarter' : 'month'
  const unit = unitOf(scale, currency)
  const shown = (amount: number) => compact(amount, scale, decimals)
  return (
    <section>
      <h2>
        {what} by {by} <span className="unit">{unit}</span>
      </h2>
      <MonthChart
        columns={spans.map((one) => ({
          month: one.key,
          label: one.label,
          plan: one.amount,
          solid: null,
          hatched: null,
        }))}
        scale={scale}
        decimals={decimals}
        current=""
        label={`${what} by ${by}, ${unit}; the same numbers follow as a list.`}
        height={132}
      />
      <Years spans={spans} />
      <ul className="sr">
        {spans.map((one) => (
          <li key={one.key}>
            {one.label} {one.year}: {shown(one.amount)}
          </li>
        ))}
      </ul>
    </section>
  )
}
