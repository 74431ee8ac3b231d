import '../measure/measure.css'
import './decisions.css'
import { useQuery } from '@apollo/client/react'
import { Link, useSearch } from '@tanstack/react-router'
import { spokenMoment, useAsOf } from '../../app/moment'
import { Page } from '../../app/Page'
import { useOrganization } from '../../app/session'
import { DecisionDetailDocument, type LendingFragment, WatchDecisionDocument } from '../../gql/documents'
import { useWatch } from '../../gql/useWatch'
import { Icon } from '../../ui/Icon'
import { Bone, Empty, Failed } from '../../ui/parts'
import { LentVotes } from '../delegations/LentVotes'
import { ChangeDecision } from './ChangeDecision'
import { DecisionList } from './DecisionList'
import { GateDecision } from './GateDecision'
import type { Pending } from './pending'
import { quotaMonths } from './plan'
import { useDecisions } from './useDecisions'

type Viewer = LendingFragment['viewer']

const Bones = () => (
  <div className="dd" aria-busy="true">
    <header style={{ display: 'grid', gap: 8 }}>
      <Bone width="40%" height={12} />
      <Bone width="60%" height={26} />
      <Bone width="30%" />
    </header>
    {[64, 48, 160].map((height) => (
      <section key={height}>
        <Bone height={height} />
      </section>
    ))}
  </div>
)

/** What is decided upon, with all that the vote needs, and the vote. */
function Chosen({ pending, viewer }: { pending: Pending; viewer: Viewer }) {
  const { today } = useOrganization()
  const variables = { id: pending.measure.id, ...quotaMonths(today) }
  const { data, error, refetch } = useQuery(DecisionDetailDocument, { variables })
  useWatch(WatchDecisionDocument, variables)
  const node = data?.node
  if (error && !node)
    return (
      <div className="dd">
        <Failed what={`“${pending.measure.name}”`} problem={error} retry={() => void refetch()} />
      </div>
    )
  if (!node || !('stage' in node) || node.id !== pending.measure.id) return <Bones />
  const Decision = pending.kind === 'change' ? ChangeDecision : GateDecision
  return <Decision key={pending.id} measure={node} pending={pending} seats={viewer.seats} />
}

/** A copied address of what no longer waits: it says so, and where the thing is. */
const Gone = () => (
  <div className="dd">
    <Empty
      action={
        <Link to="/decisions" className="btn">
          Show what waits
        </Link>
      }
    >
      This waits for you no longer: it was decided, or taken back.
    </Empty>
  </div>
)

function Body({ pending, viewer }: { pending: readonly Pending[]; viewer: Viewer }) {
  const { sel } = useSearch({ from: '/decisions' })
  const chosen = sel ? pending.find((one) => one.id === sel) : pending[0]
  if (pending.length === 0 && !sel)
    return (
      <div className="dg none">
        <div className="empty">
          <h1>My decisions</h1>
          <p>Nothing waits for your vote. What is submitted to you appears here by itself.</p>
          <Link to="/" className="btn">
            Go to the board
          </Link>
          <LentVotes delegations={viewer.delegations} />
        </div>
      </div>
    )
  return (
    <div className={sel ? 'dg opened' : 'dg'}>
      <DecisionList pending={pending} chosen={chosen?.id} delegations={viewer.delegations} />
      {sel && (
        <Link to="/decisions" className="back">
          <Icon name="left" />
          My decisions
        </Link>
      )}
      {chosen ? <Chosen pending={chosen} viewer={viewer} /> : <Gone />}
    </div>
  )
}

/** Nobody votes in the past. */
const Past = ({ asOf }: { asOf: string }) => (
  <div className="dg none">
    <div className="empty">
      <h1>My decisions</h1>
      <p>You are reading as of {spokenMoment(asOf)}; decisions are made today.</p>
      <Link to="/decisions" search={(before) => ({ ...before, asOf: undefined })} className="btn">
        Show what waits today
      </Link>
    </div>
  </div>
)

/** What waits for my vote: the list, the evidence, and the vote beside it. */
export function DecisionsPage() {
  const { asOf } = useAsOf()
  const { pending, viewer, error, refetch } = useDecisions()
  return (
    <Page title="My decisions">
      {asOf ? (
        <Past asOf={asOf} />
      ) : pending && viewer ? (
        <Body pending={pending} viewer={viewer} />
      ) : error ? (
        <section className="card">
          <Failed what="What waits for you" problem={error} retry={() => void refetch()} />
        </section>
      ) : (
        <div className="dg">
          <div className="dl" aria-busy="true">
            <header>
              <h1>My decisions</h1>
            </header>
            <ul>
              {[1, 2, 3, 4].map((line) => (
                <li key={line} style={{ padding: 12 }}>
                  <Bone height={36} />
                </li>
              ))}
            </ul>
          </div>
          <Bones />
        </div>
      )}
    </Page>
  )
}
