import '../measure/measure.css'
import './sales.css'
import { useQuery } from '@apollo/client/react'
import { Link, Navigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { addressOf } from '../../app/NodeLink'
import { NotFound } from '../../app/NotFound'
import { Page } from '../../app/Page'
import { type Period, usePeriod } from '../../app/period'
import { useOrganization } from '../../app/session'
import { type PlanPageFragment, SalesPlanPageDocument, WatchSalesPlanDocument } from '../../gql/documents'
import { useWatch } from '../../gql/useWatch'
import { monthsBetween } from '../../ui/dates'
import { Glyph } from '../../ui/Glyph'
import { MonthChart } from '../../ui/MonthChart'
import { type Scale, scaleFor, unitOf } from '../../ui/numbers'
import { Failed } from '../../ui/parts'
import { ActButton } from '../../ui/Why'
import { word } from '../../ui/words'
import { MeasureHead } from '../measure/MeasureHead'
import { MeasureBones } from '../measure/MeasurePage'
import { IncentivesCard } from './IncentivesCard'
import { OpportunitiesCard } from './OpportunitiesCard'
import { PlanFigures } from './PlanFigures'
import { IncentivesDialog, QuotaDialog } from './SalesDialogs'
import { SlicesCard } from './SlicesCard'
import { dueBy } from './sales'

function MonthsCard({ plan, scale, currency }: { plan: PlanPageFragment; scale: Scale; currency: string }) {
  const { openMonth } = useOrganization()
  const unit = unitOf(scale, currency)
  const columns = plan.sales.byMonth.map((slice) => ({
    month: slice.key,
    plan: slice.quota && Number(slice.quota.amount),
    solid: slice.won && Number(slice.won.amount),
    hatched: slice.openPipeline && Number(slice.openPipeline.amount),
  }))
  return (
    <section className="card" aria-label="Quota and won by month">
      <header>
        <h2>Quota and won by month</h2>
        <span className="grow" />
        <span className="unit">{unit}</span>
      </header>
      <div className="pad">
        <MonthChart
          columns={columns}
          scale={scale}
          current={openMonth}
          label={`Quota, won and open pipeline by month, ${unit}. The same numbers are in the table by month below.`}
          height={196}
        />
      </div>
      <footer>
        <span className="leg">
          <span>
            <i className="k-act" />
            Won
          </span>
          <span>
            <i className="k-fc" />
            Open pipeline
          </span>
          <span>
            <i className="k-plan" />
            Quota
          </span>
        </span>
      </footer>
    </section>
  )
}

function GateNote({ plan }: { plan: PlanPageFragment }) {
  const gate = plan.nextGate
  if (!gate) return null
  const unmet = gate.readiness.criteria.filter((one) => !one.met).length
  return (
    <section className="card" aria-label="Next gate">
      <header>
        <h2>Next gate: {word(gate.into)}</h2>
        <span className="grow" />
        {gate.submission ? (
          <small className="risk">
            <Glyph name="risk" /> waits for votes
          </small>
        ) : unmet > 0 ? (
          <small className="risk">
            <Glyph name="risk" /> {unmet} unmet
          </small>
        ) : (
          <small className="ok">
            <Glyph name="done" /> ready
          </small>
        )}
      </header>
      <footer>
        <Link className="lk" to="/measure/$id" params={{ id: plan.id }}>
          Open stage and gate
        </Link>
      </footer>
    </section>
  )
}

function Body({ plan, period }: { plan: PlanPageFragment; period: Period }) {
  const { today, reportingCurrency } = useOrganization()
  const { sales } = plan
  const currency = sales.quota.value?.currency ?? reportingCurrency
  const scale = scaleFor([sales.quota.value?.amount, sales.won.value?.amount, sales.openPipeline.value?.amount])
  // A plan's amounts are read in thousands: its sellers' quotas are.
  const inTable: Scale = scale.prefix === 'M' ? { divisor: 1e3, prefix: 'k' } : scale
  const due = dueBy(
    sales.byMonth.map((slice) => ({ month: slice.key, quota: Number(slice.quota?.amount ?? 0) })),
    today,
  )
  return (
    <>
      <PlanFigures plan={plan} scale={inTable} currency={currency} due={due} period={period} />
      <div className="sg">
        <div>
          <MonthsCard plan={plan} scale={inTable} currency={currency} />
          <SlicesCard plan={plan} scale={inTable} currency={currency} />
        </div>
        <div>
          <GateNote plan={plan} />
          <IncentivesCard plan={plan} />
        </div>
      </div>
      <OpportunitiesCard id={plan.id} scale={inTable} currency={currency} />
    </>
  )
}

function PlanActs({ plan, period }: { plan: PlanPageFragment; period: Period }) {
  const { reportingCurrency } = useOrganization()
  const [open, setOpen] = useState<'quota' | 'incentives' | null>(null)
  const currency = plan.quota[0]?.amount?.currency ?? reportingCurrency
  return (
    <>
      <ActButton acts={plan.acts} act="setQuota" onClick={() => setOpen('quota')}>
        Quota
      </ActButton>
      <ActButton acts={plan.acts} act="setIncentives" onClick={() => setOpen('incentives')}>
        Incentives
      </ActButton>
      {open === 'quota' && (
        <QuotaDialog
          plan={plan}
          months={monthsBetween(period.from, period.to)}
          currency={currency}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'incentives' && <IncentivesDialog plan={plan} onClose={() => setOpen(null)} />}
    </>
  )
}

export function SalesPlanPage() {
  const { id } = useParams({ from: '/plan/$id' })
  const period = usePeriod()
  const variables = { id, from: period.from, to: period.to }
  const { data, previousData, error, refetch } = useQuery(SalesPlanPageDocument, { variables })
  useWatch(WatchSalesPlanDocument, variables)
  const node = (data ?? (previousData?.node?.id === id ? previousData : undefined))?.node
  if (data && !node) return <NotFound />
  if (node && node.__typename !== 'SalesPlan') return <Navigate {...addressOf(node)} replace />
  return (
    <Page title={node?.name ?? 'Sales plan'}>
      {node ? (
        <>
          <MeasureHead measure={node} sales>
            <PlanActs plan={node} period={period} />
          </MeasureHead>
          <Body plan={node} period={period} />
        </>
      ) : error ? (
        <section className="card">
          <Failed what="This sales plan" problem={error} retry={() => void refetch()} />
        </section>
      ) : (
        <MeasureBones />
      )}
    </Page>
  )
}
