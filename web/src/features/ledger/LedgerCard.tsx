import { useQuery } from '@apollo/client/react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useOrganization } from '../../app/session'
import { type FactRowFragment, LedgerDocument } from '../../gql/documents'
import { useActivity } from '../../gql/useActivity'
import { instant } from '../../ui/dates'
import { Bone, Empty } from '../../ui/parts'
import { Change, FactSentence } from './facts'
import './ledger.css'

/** The latest entries of the ledger about one thing, and those that arrive. */
export function LedgerCard({ under, first = 8 }: { under: string; first?: number }) {
  const { timeZone } = useOrganization()
  const { data, error, loading } = useQuery(LedgerDocument, {
    variables: { under, first },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  })
  const [arrived, setArrived] = useState<FactRowFragment[]>([])
  const earlier = (data?.ledger.edges ?? []).map((edge) => edge.node)
  useActivity(under, loading && !data ? undefined : error ? null : (earlier[0]?.revision ?? null), (facts) =>
    setArrived((before) => [...[...facts].reverse(), ...before].slice(0, 50)),
  )
  const ids = new Set(arrived.map((fact) => fact.id))
  const facts = [...arrived, ...earlier.filter((fact) => !ids.has(fact.id))].slice(0, first)
  return (
    <section className="card o6" aria-label="Ledger">
      <header>
        <h2>Ledger</h2>
        <span className="grow" />
        <span className="unit">who, when, before and after</span>
      </header>
      {loading && !data ? (
        <div className="pad">
          <Bone height={80} />
        </div>
      ) : facts.length === 0 ? (
        <Empty>
          {error
            ? 'The ledger is not yours to read. What happens here from now on still appears.'
            : 'Nothing has been recorded here yet.'}
        </Empty>
      ) : (
        <ol className="led">
          {facts.map((fact) => (
            <FactLine key={fact.id} fact={fact} timeZone={timeZone} fresh={ids.has(fact.id)} />
          ))}
        </ol>
      )}
      <footer>
        <Link className="lk" to="/ledger" search={{ under }}>
          All entries
        </Link>
      </footer>
    </section>
  )
}

export function FactLine({ fact, timeZone, fresh }: { fact: FactRowFragment; timeZone: string; fresh?: boolean }) {
  return (
    <li className={fresh ? 'pulse' : undefined}>
      <Link
        className="k num"
        to="/"
        search={{ asOf: `r${fact.revision}` }}
        title="Show the board as it stood right after this entry"
      >
        r{Number(fact.revision).toLocaleString('en-GB')}
      </Link>
      <time className="k" dateTime={fact.at}>
        {instant(fact.at, timeZone)}
      </time>
      <p>
        <FactSentence fact={fact} />
      </p>
      <span className="ba num">
        <Change fact={fact} />
      </span>
    </li>
  )
}
