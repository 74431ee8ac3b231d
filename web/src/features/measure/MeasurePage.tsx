import './measure.css'
import { useQuery } from '@apollo/client/react'
import { Link, Navigate, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { addressOf, NodeLink } from '../../app/NodeLink'
import { NotFound } from '../../app/NotFound'
import { Page } from '../../app/Page'
import { type Period, usePeriod } from '../../app/period'
import { useOrganization } from '../../app/session'
import {
  type MeasureHeadFragment,
  MeasurePageDocument,
  type MeasurePageQuery,
  WatchMeasureDocument,
} from '../../gql/documents'
import { useWatch } from '../../gql/useWatch'
import { exact, percent } from '../../ui/numbers'
import { Bone, CardBones, Empty, Failed, StageGlyph } from '../../ui/parts'
import { ActButton } from '../../ui/Why'
import { ChangeButtons } from '../changes/ChangeButtons'
import { ChangeCard } from '../changes/ChangeCard'
import { PlanCard } from '../changes/PlanCard'
import { GateCard } from '../gates/GateCard'
import { LedgerCard } from '../ledger/LedgerCard'
import { MeasureLightsCard } from '../lights/MeasureLights'
import { EvidenceList } from '../milestones/EvidenceList'
import { MilestonesCard } from '../milestones/MilestonesCard'
import { QuotaCard } from '../sales/QuotaCard'
import { ValuesCard } from '../values/ValuesCard'
import { EvidenceDialog } from './MeasureActs'
import { MeasureHead } from './MeasureHead'
import { StageTrack } from './StageTrack'

export type LoadedMeasure = Extract<NonNullable<MeasurePageQuery['node']>, { __typename: 'Initiative' | 'SalesPlan' }>

function EvidenceCard({ measure }: { measure: MeasureHeadFragment }) {
  const [adding, setAdding] = useState(false)
  const attach = (
    <ActButton acts={measure.acts} act="attachEvidence" className="btn small" onClick={() => setAdding(true)}>
      Attach evidence
    </ActButton>
  )
  return (
    <section className="card" aria-label="Evidence">
      <header>
        <h2>Evidence</h2>
        <span className="grow" />
        {measure.evidence.length > 0 && attach}
      </header>
      {measure.evidence.length === 0 ? (
        <Empty action={attach}>Nothing is attached yet. The gate into Closed asks for it.</Empty>
      ) : (
        <div className="pad">
          <EvidenceList evidence={measure.evidence} />
        </div>
      )}
      {adding && <EvidenceDialog measure={measure} onClose={() => setAdding(false)} />}
    </section>
  )
}

/** Said only where there is something to say. */
const OPTIONAL = ['Estimated value', 'Why quota is below the case', 'Why value differs from plan', 'Tags']

/** What is written about the measure: the gates ask for each of these. */
function CaseCard({ measure }: { measure: MeasureHeadFragment }) {
  const rows: [string, string | null][] = [
    ['Description', measure.description],
    ['Estimated value', measure.estimatedValue && exact(measure.estimatedValue)],
    ['Risks', measure.risks],
    ['Overlaps', measure.overlaps],
    ['Why quota is below the case', measure.gapExplanation],
    ['Why value differs from plan', measure.varianceExplanation],
    ['Tags', measure.tags.join(', ') || null],
  ]
  return (
    <section className="card" aria-label="Business case">
      <header>
        <h2>Business case</h2>
      </header>
      <dl className="case">
        {rows
          .filter(([name, value]) => value !== null || !OPTIONAL.includes(name))
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value ?? <span className="dim">not written yet</span>}</dd>
            </div>
          ))}
      </dl>
    </section>
  )
}

function PlansCard({ measure }: { measure: LoadedMeasure }) {
  if (measure.__typename !== 'Initiative') return null
  const plans = measure.salesPlans.edges.map((edge) => edge.node)
  if (plans.length === 0) return null
  return (
    <section className="card" aria-label="Sales plans">
      <header>
        <h2>Sales plans</h2>
        <span className="grow" />
        <span className="unit">attainment</span>
      </header>
      <ul className="list">
        {plans.map((plan) => (
          <li key={plan.id}>
            <NodeLink node={plan}>
              <span className="a">
                <b>{plan.name}</b>
                <span>{'stage' in plan && <StageGlyph stage={plan.stage} />}</span>
              </span>
              <span className="m">
                {percent(plan.sales.attainment)}
                <small>{exact(plan.sales.quota.value)}</small>
              </span>
            </NodeLink>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Body({ measure, period }: { measure: LoadedMeasure; period: Period }) {
  const { line } = useSearch({ from: '/measure/$id' })
  const navigate = useNavigate()
  const choose = (id: string) =>
    void navigate({ to: '.', search: (before) => ({ ...before, line: id }), replace: true, resetScroll: false })
  const milestones = measure.milestones.edges.map((edge) => edge.node)
  return (
    <>
      <StageTrack measure={measure} />
      <div className="mg">
        <div>
          {measure.__typename === 'Initiative' ? (
            <ValuesCard
              lines={measure.valueLines}
              measure={measure}
              chosen={line}
              onChoose={choose}
              period={period.label}
            />
          ) : (
            <QuotaCard plan={measure} period={period} />
          )}
          <MeasureLightsCard key={`lights ${measure.id}`} id={measure.id} revision={measure.revision} />
          <MilestonesCard under={measure.id} acts={measure.acts} milestones={milestones} />
          <LedgerCard key={measure.id} under={measure.id} />
        </div>
        <div>
          {measure.openChange && <ChangeCard change={measure.openChange} name={measure.name} />}
          <GateCard measure={measure} gate={measure.nextGate} gates={measure.gates} />
          <PlanCard measure={measure} />
          <PlansCard measure={measure} />
          <EvidenceCard measure={measure} />
          <CaseCard measure={measure} />
        </div>
      </div>
    </>
  )
}

export function MeasureBones() {
  return (
    <>
      <div className="mh" aria-busy="true">
        <div style={{ width: '60%', display: 'grid', gap: 8 }}>
          <Bone width="40%" height={12} />
          <Bone width="80%" height={26} />
          <Bone width="60%" />
        </div>
      </div>
      <CardBones lines={2} />
      <div className="mg">
        <div>
          <CardBones lines={8} height={24} />
          <CardBones lines={5} />
        </div>
        <div>
          <CardBones lines={9} />
        </div>
      </div>
    </>
  )
}

export function MeasurePage() {
  const { id } = useParams({ from: '/measure/$id' })
  const { name } = useOrganization()
  const period = usePeriod()
  const variables = { id, from: period.from, to: period.to }
  const { data, previousData, error, refetch } = useQuery(MeasurePageDocument, { variables })
  useWatch(WatchMeasureDocument, variables)
  const node = (data ?? (previousData?.node?.id === id ? previousData : undefined))?.node
  if (data && !node) return <NotFound />
  if (node && !('stage' in node)) return <Navigate {...addressOf(node)} replace />
  return (
    <Page title={node?.name ?? name}>
      {node ? (
        <>
          <MeasureHead measure={node}>
            <ChangeButtons measure={node} />
          </MeasureHead>
          <Body measure={node} period={period} />
        </>
      ) : error ? (
        <section className="card">
          <Failed what="This measure" problem={error} retry={() => void refetch()} />
          <Link className="lk pad" to="/cascade">
            Open the cascade
          </Link>
        </section>
      ) : (
        <MeasureBones />
      )}
    </Page>
  )
}
