import './board.css'
import { useQuery } from '@apollo/client/react'
import { Navigate, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useAsOf } from '../../app/moment'
import { addressOf } from '../../app/NodeLink'
import { NotFound } from '../../app/NotFound'
import { Crumbs, Page } from '../../app/Page'
import { type Period, usePeriod } from '../../app/period'
import { useOrganization } from '../../app/session'
import {
  type BoardSalesFragment,
  NodeBoardDocument,
  type NodeBoardFragment,
  OrganizationBoardDocument,
  type RollUpFiguresFragment,
  WatchNodeBoardDocument,
  WatchOrganizationBoardDocument,
} from '../../gql/documents'
import { useWatch } from '../../gql/useWatch'
import { day } from '../../ui/dates'
import { Icon } from '../../ui/Icon'
import { digits, scaleFor } from '../../ui/numbers'
import { Pop } from '../../ui/Pop'
import { Bone, CardBones, Empty, Failed, StandingPill } from '../../ui/parts'
import { say } from '../../ui/toast'
import { kindsTogether, word } from '../../ui/words'
import { NodeActs } from '../cascade/NodeActs'
import { FindingsCard } from '../findings/FindingsCard'
import { IndicatorsCard } from '../indicators/IndicatorsCard'
import { ActivityColumn } from '../ledger/ActivityColumn'
import { LightMatrixCard } from '../lights/LightMatrix'
import { Packs } from '../review/Packs'
import { ChangedCard } from './ChangedCard'
import { GatesCard } from './GatesCard'
import { HeadlineFigures } from './HeadlineFigures'
import { KindsCard } from './KindsCard'
import { SalesCard } from './SalesCard'
import { SpendCard } from './SpendCard'
import { WaterfallCard } from './Waterfall'

function LinkAndPrint({ id }: { id: string }) {
  const copy = async () => {
    await navigator.clipboard?.writeText(location.href)
    say('Link copied. It shows the same period and place to whoever may see them.')
  }
  return (
    <>
      <Pop label="Board pack" className="btn no-ph">
        {() => <Packs id={id} />}
      </Pop>
      <button className="btn icon no-ph" type="button" aria-label="Copy link" onClick={() => void copy()}>
        <Icon name="link" />
      </button>
      <button className="btn icon no-ph" type="button" aria-label="Print" onClick={() => print()}>
        <Icon name="print" />
      </button>
    </>
  )
}

type BodyProps = { id: string; rollUp: RollUpFiguresFragment; sales: BoardSalesFragment; period: Period }

function Body({ id, rollUp, sales, period }: BodyProps) {
  const { id: organization, reportingCurrency: currency } = useOrganization()
  const whole = id === organization
  const { headline } = rollUp
  const scale = scaleFor([headline.plan.value?.amount, headline.outlook.value?.amount])
  const nothing = rollUp.leakage.every((step) => Number(step.amount.value?.amount ?? 0) === 0)
  return (
    <>
      <HeadlineFigures rollUp={rollUp} scale={scale} currency={currency} id={id} period={period} />
      <div className="g2">
        {nothing ? (
          <section className="card">
            <header>
              <h2>Degree of implementation</h2>
            </header>
            <Empty>
              {headline.plan.value
                ? `No measure here has value in ${period.label}. Choose another period, or plan by month on a measure.`
                : 'Amounts are not yours to read: your seat has no right to money. An administrator grants it.'}
            </Empty>
          </section>
        ) : (
          <WaterfallCard rollUp={rollUp} scale={scale} currency={currency} period={period.label} />
        )}
        <LightMatrixCard id={id} scale={scale} currency={currency} whole={whole} />
      </div>
      <div className="g3">
        <FindingsCard id={id} under={whole ? undefined : id} scale={scale} currency={currency} />
        <SalesCard sales={sales} id={id} period={period} currency={currency} />
        <GatesCard rollUp={rollUp} scale={scale} currency={currency} />
      </div>
      <div className="g3">
        <KindsCard rollUp={rollUp} scale={scale} currency={currency} />
        <SpendCard rollUp={rollUp} id={id} period={period} currency={currency} />
        <ChangedCard id={id} period={period} currency={currency} />
      </div>
    </>
  )
}

function Bones() {
  return (
    <>
      <section className="figs" aria-busy="true" aria-label="Loading figures">
        {['Plan', 'Outlook', 'Actual', 'Confirmed', 'Gap'].map((name) => (
          <div key={name} className="fig">
            <div className="fh">
              <h2>{name}</h2>
            </div>
            <Bone width="60%" height={28} />
            <div style={{ height: 10 }} />
            <Bone height={12} />
            <div style={{ height: 8 }} />
            <Bone width="70%" height={12} />
          </div>
        ))}
      </section>
      <div className="g2">
        <CardBones title="Degree of implementation" lines={11} height={14} />
        <CardBones title="Lights" lines={5} height={36} />
      </div>
      <div className="g3">
        <CardBones title="Value by kind" lines={4} />
        <CardBones title="Spend and certainty" lines={4} />
        <CardBones title="Gates waiting" lines={4} />
      </div>
    </>
  )
}

function Shell({
  title,
  head,
  under,
  children,
}: {
  title: string
  head: ReactNode
  under: string | null
  children: ReactNode
}) {
  const { asOf } = useAsOf()
  return (
    <>
      <Page title={title}>
        {head}
        {children}
      </Page>
      {!asOf && <ActivityColumn key={under} under={under} />}
    </>
  )
}

/** The whole organization in one look. */
export function OrganizationBoardPage() {
  const period = usePeriod()
  const organization = useOrganization()
  const variables = { from: period.from, to: period.to }
  const { data, previousData, error, refetch } = useQuery(OrganizationBoardDocument, { variables })
  useWatch(WatchOrganizationBoardDocument, { id: organization.id, ...variables })
  const board = (data ?? previousData)?.organization
  const head = (
    <div className="ph">
      <div>
        <h1>Board</h1>
        <p className="sub">
          {organization.name} · whole organization
          {board && ` · ${kindsTogether(board.rollUp.headline.kinds).toLowerCase()}`}
        </p>
      </div>
      <span className="grow" />
      <LinkAndPrint id={organization.id} />
    </div>
  )
  return (
    <Shell title="Board" head={head} under={null}>
      {board ? (
        <Body id={organization.id} rollUp={board.rollUp} sales={board.sales} period={period} />
      ) : error ? (
        <section className="card">
          <Failed what="The board" problem={error} retry={() => void refetch()} />
        </section>
      ) : (
        <Bones />
      )}
    </Shell>
  )
}

function Goal({ node }: { node: NodeBoardFragment }) {
  const { today } = useOrganization()
  const objective = node.__typename === 'Objective' ? node : null
  if (!objective && !node.description) return null
  return (
    <dl className="goal">
      {node.description && (
        <div className="whole">
          <dt className="sr">Description</dt>
          <dd>{node.description}</dd>
        </div>
      )}
      {objective?.hypothesis && (
        <div>
          <dt>Hypothesis</dt>
          <dd>{objective.hypothesis}</dd>
        </div>
      )}
      {objective?.metric && (
        <div>
          <dt>Target</dt>
          <dd>
            {objective.metric} {objective.target && digits(objective.target)}
            {objective.targetDate && ` by ${day(objective.targetDate, today)}`}
          </dd>
        </div>
      )}
    </dl>
  )
}

/** The same for an objective, a portfolio or a program. A measure has a page of its own. */
export function NodeBoardPage() {
  const { id } = useParams({ from: '/board/$id' })
  const period = usePeriod()
  const variables = { id, from: period.from, to: period.to }
  const { data, previousData, error, refetch } = useQuery(NodeBoardDocument, { variables })
  useWatch(WatchNodeBoardDocument, variables)
  const found = (data ?? (previousData?.node?.id === id ? previousData : undefined))?.node
  if (data && !found) return <NotFound />
  if (found && (found.__typename === 'Initiative' || found.__typename === 'SalesPlan'))
    return <Navigate {...addressOf(found)} replace />
  const node = found && 'rollUp' in found ? found : null
  if (found && !node) return <NotFound />
  const head = (
    <>
      <Crumbs ancestors={node?.ancestors ?? []} />
      <div className="ph">
        <div>
          <h1>{node?.name ?? <Bone width="280px" height={28} />}</h1>
          <p className="sub">
            {node && word(node.level)}
            {node?.owner && ` · ${node.owner.name}`}
            {node?.businessUnit && ` · ${node.businessUnit}`}
          </p>{' '}
          {node && node.standing !== 'ACTIVE' && <StandingPill standing={node.standing} />}
        </div>
        <span className="grow" />
        {node && <NodeActs node={node} acts={node.acts} />}
        <LinkAndPrint id={id} />
      </div>
      {node && <Goal node={node} />}
    </>
  )
  return (
    <Shell title={node?.name ?? 'Board'} head={head} under={id}>
      {node ? (
        <>
          <Body id={id} rollUp={node.rollUp} sales={node.sales} period={period} />
          <IndicatorsCard id={id} />
        </>
      ) : error ? (
        <section className="card">
          <Failed what="This board" problem={error} retry={() => void refetch()} />
        </section>
      ) : (
        <Bones />
      )}
    </Shell>
  )
}
