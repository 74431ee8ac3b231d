import './review.css'
import { useQuery } from '@apollo/client/react'
import { Link } from '@tanstack/react-router'
import { NodeLink } from '../../app/NodeLink'
import { Page } from '../../app/Page'
import { useOrganization, useSession } from '../../app/session'
import {
  type CycleFragment,
  type MissingFragment,
  OpenCycleDocument,
  ReviewDocument,
  type ReviewQuery,
} from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useActivity } from '../../gql/useActivity'
import { day, monthYear } from '../../ui/dates'
import { exact, NONE, plural } from '../../ui/numbers'
import { Avatar, CardBones, Empty, Failed, Refused, Scroll, Status } from '../../ui/parts'
import { say } from '../../ui/toast'
import { ActButton } from '../../ui/Why'
import { CycleCard, stateTone, stateWord } from './CycleCard'
import { MonthTimes } from './MonthTimes'
import { Packs } from './Packs'

type Loaded = NonNullable<ReviewQuery['organization']>

function Open({ organization }: { organization: Loaded }) {
  const { act, no } = useAct(OpenCycleDocument)
  const open = async () => {
    if (await act({})) say('The first review is open.')
  }
  return (
    <section className="card">
      <Empty
        action={
          <ActButton acts={organization.acts} act="openCycle" className="btn primary" onClick={() => void open()}>
            Open the first review
          </ActButton>
        }
      >
        No review is open. The first one is opened by hand; each that is closed opens the next.
      </Empty>
      <Refused no={no} />
    </section>
  )
}

/** Who still owes what, most first; one’s own stands open. */
function MissingCard({ cycle }: { cycle: MissingFragment }) {
  const { person: me } = useSession()
  return (
    <section className="card" aria-label="What is missing">
      <header>
        <h2>What is missing, by person</h2>
      </header>
      {cycle.missing.length === 0 ? (
        <Empty>Everything that this review asks for is there.</Empty>
      ) : (
        <ul className="owes">
          {cycle.missing.map(({ person, items }) => (
            <li key={person?.id ?? 'nobody'}>
              <details open={person?.id === me.id}>
                <summary>
                  {person && <Avatar name={person.name} small />}
                  <b>{person?.name ?? 'Nobody owns these'}</b>
                  <span className="grow" />
                  <span className="num">{plural(items.length, 'input')}</span>
                </summary>
                <ul>
                  {items.map((item) => (
                    <li key={`${item.node.id} ${item.what}`}>
                      <NodeLink node={item.node}>{item.node.name}</NodeLink>: {item.sentence}
                    </li>
                  ))}
                </ul>
              </details>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function PastCard({ cycles, id }: { cycles: CycleFragment[]; id: string }) {
  const { today } = useOrganization()
  if (cycles.length === 0) return null
  return (
    <section className="card" aria-label="Reviews that are closed">
      <header>
        <h2>Closed reviews</h2>
      </header>
      <Scroll label="Table of closed reviews">
        <table className="tb">
          <thead>
            <tr>
              <th scope="col" className="l">
                Review
              </th>
              <th scope="col" className="l">
                Period
              </th>
              <th scope="col" className="l">
                Closed
              </th>
              <th scope="col" className="l">
                Actuals locked through
              </th>
              <th scope="col" className="l">
                As of then
              </th>
            </tr>
          </thead>
          <tbody>
            {cycles.map((cycle) => (
              <tr key={cycle.id}>
                <th scope="row">
                  {cycle.number} <Status tone={stateTone[cycle.state]}>{stateWord[cycle.state]}</Status>
                </th>
                <td className="l">
                  {day(cycle.starts, today)} to {day(cycle.ends, today)}
                </td>
                <td className="l">
                  {cycle.closedAt && day(cycle.closedAt.slice(0, 10), today)}
                  {cycle.closedBy && `, ${cycle.closedBy.name}`}
                </td>
                <td className="l">{cycle.lockedThrough ? monthYear(cycle.lockedThrough) : NONE}</td>
                <td className="l">
                  <Packs id={id} revision={cycle.closedRevision} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}

function RecordCard({ organization }: { organization: Loaded }) {
  const { today } = useOrganization()
  const { betterThanProposed, corrections } = organization
  return (
    <div className="g2">
      <section className="card" aria-label="Corrections">
        <header>
          <h2>Corrections after closing</h2>
          <span className="grow" />
          <span className="unit">{plural(corrections.totalCount, 'correction')}</span>
        </header>
        {corrections.edges.length === 0 ? (
          <Empty>No locked month was ever corrected.</Empty>
        ) : (
          <ul className="list rows">
            {corrections.edges.map(({ node: one }) => (
              <li key={`${one.line.id} ${one.month} ${one.at}`}>
                <div className="row">
                  <span className="a">
                    <b>
                      {one.line.name}, {monthYear(one.month)}
                    </b>
                    <span>
                      {one.reason}{' '}
                      <small className="k">
                        {one.by?.name}, {day(one.at.slice(0, 10), today)}
                      </small>
                    </span>
                  </span>
                  <span className="m num">
                    {exact(one.after)}
                    <small>was {exact(one.before)}</small>
                  </span>
                </div>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className="card" aria-label="Better than proposed">
        <header>
          <h2>Lights set better than proposed</h2>
        </header>
        {betterThanProposed.length === 0 ? (
          <Empty>Nobody has set a light better than the system proposed.</Empty>
        ) : (
          <ul className="list rows">
            {betterThanProposed.map(({ person, times, last, byMonth }) => (
              <li key={person.id}>
                <div className="row">
                  <span className="a">
                    <b>{person.name}</b>
                    <span>last on {day(last.slice(0, 10), today)}</span>
                  </span>
                  <MonthTimes months={byMonth} />
                  <span className="m num">{plural(times, 'time')}</span>
                </div>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  )
}

/** The review: until when, what is missing by person, closing it, and what is kept of those before. */
export function ReviewPage() {
  const { id, name } = useOrganization()
  const { data, error, refetch } = useQuery(ReviewDocument, { fetchPolicy: 'cache-and-network' })
  useActivity(null, data?.organization?.revision, () => void refetch())
  const organization = data?.organization
  return (
    <Page title="Review">
      <div className="ph">
        <div>
          <h1>Review</h1>
          <p className="sub">
            {name} · bring forecast, actuals, lights and milestones current, then close ·{' '}
            <Link to="/findings">findings</Link>
          </p>
        </div>
      </div>
      {!organization ? (
        error ? (
          <section className="card">
            <Failed what="The review" problem={error} retry={() => void refetch()} />
          </section>
        ) : (
          <CardBones lines={6} />
        )
      ) : (
        <div className="cards">
          {organization.cycle ? (
            <>
              <CycleCard cycle={organization.cycle} id={id} />
              <MissingCard cycle={organization.cycle} />
            </>
          ) : (
            <Open organization={organization} />
          )}
          <RecordCard organization={organization} />
          <PastCard
            cycles={organization.cycles.edges.map((edge) => edge.node).filter((cycle) => cycle.state === 'CLOSED')}
            id={id}
          />
        </div>
      )}
    </Page>
  )
}
