import { useQuery } from '@apollo/client/react'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { Page } from '../../app/Page'
import { useOrganization } from '../../app/session'
import { type FactRowFragment, LedgerDocument } from '../../gql/documents'
import { useActivity } from '../../gql/useActivity'
import { CardBones, Empty, Failed } from '../../ui/parts'
import { Difference } from './Difference'
import { FactLine } from './LedgerCard'
import { Proof } from './Proof'
import './ledger.css'

/** Every fact, newest first; what happens while one reads comes in at the top. */
export function LedgerPage() {
  const { under } = useSearch({ from: '/ledger' })
  const { timeZone } = useOrganization()
  const variables = { under: under ?? null, first: 50 }
  const { data, error, refetch, fetchMore } = useQuery(LedgerDocument, {
    variables,
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  })
  const [arrived, setArrived] = useState<FactRowFragment[]>([])
  const earlier = (data?.ledger.edges ?? []).map((edge) => edge.node)
  useActivity(under ?? null, data ? (earlier[0]?.revision ?? null) : undefined, (facts) =>
    setArrived((before) => [...[...facts].reverse(), ...before]),
  )
  const ids = new Set(arrived.map((fact) => fact.id))
  const facts = [...arrived, ...earlier.filter((fact) => !ids.has(fact.id))]
  const page = data?.ledger.pageInfo
  const more = () =>
    void fetchMore({
      variables: { after: page?.endCursor },
      updateQuery: (before, { fetchMoreResult: next }) => ({
        ...next,
        ledger: { ...next.ledger, edges: [...before.ledger.edges, ...next.ledger.edges] },
      }),
    })
  return (
    <Page title="Ledger">
      <div className="ph">
        <div>
          <h1>Ledger</h1>
          <p className="sub">every change, one entry: who, when, before and after</p>
        </div>
        <span className="grow" />
        <Proof />
        {under && (
          <Link className="btn" to="/ledger">
            Show the whole organization
          </Link>
        )}
      </div>
      {data && <Difference under={under} />}
      {!data && !error ? (
        <CardBones lines={10} />
      ) : (
        <section className="card" aria-label="Entries">
          {error && facts.length === 0 ? (
            <Failed what="The ledger" problem={error} retry={() => void refetch()} />
          ) : facts.length === 0 ? (
            <Empty>Nothing has been recorded that you may read here.</Empty>
          ) : (
            <ol className="led">
              {facts.map((fact) => (
                <FactLine key={fact.id} fact={fact} timeZone={timeZone} fresh={ids.has(fact.id)} />
              ))}
            </ol>
          )}
          {page?.hasNextPage && (
            <footer>
              <button type="button" className="lk" onClick={more}>
                Show earlier entries
              </button>
            </footer>
          )}
        </section>
      )}
    </Page>
  )
}
