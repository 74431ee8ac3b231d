import { useQuery } from '@apollo/client/react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type FactRowFragment, LedgerDocument } from '../../gql/documents'
import { useActivity } from '../../gql/useActivity'
import { ago } from '../../ui/dates'
import { plural } from '../../ui/numbers'
import { Avatar, Bone, Empty } from '../../ui/parts'
import { Change, FactSentence } from './facts'

/** How many facts the column shows; the ledger has the rest. */
const SHOWN = 12

/**
 * What has happened, newest first: the latest of the ledger, and then what arrives. While the pointer or the keyboard
 * is in the column nothing moves under it: news waits behind a chip.
 */
function useFeed(under: string | null) {
  const [arrived, setArrived] = useState<FactRowFragment[]>([])
  const [held, setHeld] = useState(0)
  const [busy, setBusy] = useState(false)
  const { data, error, loading } = useQuery(LedgerDocument, {
    variables: { under, first: SHOWN },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  })
  const earlier = (data?.ledger.edges ?? []).map((edge) => edge.node)
  const known = loading && !data ? undefined : (earlier[0]?.revision ?? null)
  useActivity(under, error ? null : known, (facts) => {
    setArrived((before) => [...[...facts].reverse(), ...before].slice(0, 100))
    if (busy) setHeld((before) => before + facts.length)
  })
  const release = () => setHeld(0)
  const fresh = arrived.slice(held)
  const ids = new Set(fresh.map((fact) => fact.id))
  const shown = [...fresh, ...earlier.filter((fact) => !ids.has(fact.id))].slice(0, SHOWN)
  return { shown, fresh: ids, held, release, setBusy, loading: loading && !data }
}

export function ActivityColumn({ under }: { under: string | null }) {
  const { shown, fresh, held, release, setBusy, loading } = useFeed(under)
  const now = Date.now()
  return (
    <aside
      className="side"
      aria-label="Live activity"
      onPointerEnter={() => setBusy(true)}
      onPointerLeave={() => {
        setBusy(false)
        release()
      }}
      onFocus={() => setBusy(true)}
      onBlur={() => setBusy(false)}
    >
      <div className="stick">
        <header>
          <h2>Activity</h2>
          <span className="grow" />
          {held > 0 && (
            <button className="chipb" type="button" onClick={release}>
              {plural(held, 'update')}
            </button>
          )}
        </header>
        {loading ? (
          <ol className="feed" aria-busy="true">
            {[1, 2, 3, 4, 5].map((line) => (
              <li key={line}>
                <Bone height={36} />
              </li>
            ))}
          </ol>
        ) : shown.length === 0 ? (
          <Empty>Nothing has happened here since you opened the page. What happens now appears at once.</Empty>
        ) : (
          <ol className="feed">
            {shown.map((fact) => (
              <li key={fact.id} className={fresh.has(fact.id) ? 'new' : undefined}>
                <Avatar name={fact.by?.name ?? 'Stageline'} />
                <div>
                  <p>
                    <FactSentence fact={fact} />
                  </p>
                  <p className="x">
                    <span>
                      <Change fact={fact} />
                    </span>
                    <time dateTime={fact.at}>{ago(fact.at, now)}</time>
                  </p>
                </div>
              </li>
            ))}
          </ol>
        )}
        <footer>
          <Link className="lk" to="/ledger" search={under ? { under } : {}}>
            Open the ledger
          </Link>
        </footer>
      </div>
    </aside>
  )
}
