import { useState } from 'react'
import type { Period } from '../../app/period'
import { useOrganization } from '../../app/session'
import type { PlanQuotaFragment, SalesDimension } from '../../gql/documents'
import { monthName, monthsBetween } from '../../ui/dates'
import { MonthChart } from '../../ui/MonthChart'
import { compact, scaleFor, unitOf } from '../../ui/numbers'
import { Empty, Scroll } from '../../ui/parts'
import { ActButton, type Permission } from '../../ui/Why'
import { word } from '../../ui/words'
import { QuotaDialog } from './SalesDialogs'

type Line = PlanQuotaFragment['quota'][number]
export type QuotaPlan = { id: string; name: string; quota: PlanQuotaFragment['quota']; acts: readonly Permission[] }
export type Segment = { dimension: SalesDimension | null; segment: string | null }

export const segmentName = ({ dimension, segment }: Segment): string =>
  dimension && segment ? `${segment} (${word(dimension).toLowerCase()})` : 'The whole plan'
export const segmentKey = ({ dimension, segment }: Segment): string => `${dimension ?? ''}|${segment ?? ''}`

/** The segments that have quota, each with its amount by month. */
export function segmentsOf(quota: readonly Line[]): (Segment & { months: Map<string, number> })[] {
  const found = new Map<string, Segment & { months: Map<string, number> }>()
  for (const line of quota) {
    const key = segmentKey(line)
    const row = found.get(key) ?? {
      dimension: line.dimension,
      segment: line.segment,
      months: new Map<string, number>(),
    }
    row.months.set(line.month, (row.months.get(line.month) ?? 0) + Number(line.amount?.amount ?? 0))
    found.set(key, row)
  }
  return [...found.values()].sort((one, other) => segmentName(one).localeCompare(segmentName(other)))
}

/** Quota by month and segment, as the plan's gates read it. */
export function QuotaCard({ plan, period }: { plan: QuotaPlan; period: Period }) {
  const { openMonth, reportingCurrency } = useOrganization()
  const [editing, setEditing] = useState(false)
  const segments = segmentsOf(plan.quota)
  const months = monthsBetween(period.from, period.to)
  const currency = plan.quota[0]?.amount?.currency ?? reportingCurrency
  const totals = months.map((month) => segments.reduce((sum, one) => sum + (one.months.get(month) ?? 0), 0))
  const scale = scaleFor(totals)
  const unit = unitOf(scale, currency)
  const edit = (
    <ActButton acts={plan.acts} act="setQuota" className="btn small" onClick={() => setEditing(true)}>
      Edit quota
    </ActButton>
  )
  return (
    <section className="card o4" aria-label="Quota by month">
      <header>
        <h2>Quota by month</h2>
        <span className="unit">{unit}</span>
        <span className="grow" />
        {edit}
      </header>
      {segments.length === 0 ? (
        <Empty>There is no quota in {period.label} yet. The gate into Detailed asks for it by month and segment.</Empty>
      ) : (
        <>
          <div className="pad">
            <MonthChart
              columns={months.map((month, index) => ({ month, plan: totals[index] ?? 0, solid: null, hatched: null }))}
              scale={scale}
              current={openMonth}
              label={`Quota by month, ${unit}. The same numbers are in the table below.`}
              height={132}
            />
          </div>
          <Scroll label="Quota by month and segment">
            <table className="tb mt">
              <thead>
                <tr>
                  <th className="l" scope="col">
                    Segment
                  </th>
                  {months.map((month) => (
                    <th key={month} scope="col">
                      {monthName(month)}
                    </th>
                  ))}
                  <th scope="col" className="colt">
                    {period.label}
                  </th>
                </tr>
              </thead>
              <tbody>
                {segments.map((one) => (
                  <tr key={segmentKey(one)}>
                    <th scope="row">{segmentName(one)}</th>
                    {months.map((month) => (
                      <td key={month}>{compact(one.months.get(month) ?? null, scale)}</td>
                    ))}
                    <td>
                      <b>
                        {compact(
                          months.reduce((sum, month) => sum + (one.months.get(month) ?? 0), 0),
                          scale,
                        )}
                      </b>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </>
      )}
      {editing && <QuotaDialog plan={plan} months={months} currency={currency} onClose={() => setEditing(false)} />}
    </section>
  )
}
