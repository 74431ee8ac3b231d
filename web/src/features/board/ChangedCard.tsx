import { useQuery } from '@apollo/client/react'
import { Link } from '@tanstack/react-router'
import { NodeLink } from '../../app/NodeLink'
import type { Period } from '../../app/period'
import { ChangedSinceDocument, LastReviewDocument } from '../../gql/documents'
import { moneyIn, scaleFor, unitOf } from '../../ui/numbers'
import { Amount, CardBones, Empty } from '../../ui/parts'

/** What moved the outlook since the last review was closed, largest first; nothing where the ledger is not one’s to read. */
export function ChangedCard({ id, period, currency }: { id: string; period: Period; currency: string }) {
  const review = useQuery(LastReviewDocument, { fetchPolicy: 'cache-and-network' })
  const organization = review.data?.organization
  const from = organization?.cycle?.since
  const { data, loading, error } = useQuery(ChangedSinceDocument, {
    skip: !from,
    variables: {
      from: from ?? '',
      to: organization?.revision ?? '',
      under: id,
      firstMonth: period.from,
      lastMonth: period.to,
    },
  })
  if (error) return null
  if (review.loading || loading) return <CardBones title="Changed since the last review" lines={4} />
  const changes = data?.changesBetween ?? []
  const scale = scaleFor(changes.map((one) => moneyIn(one.value)?.amount))
  return (
    <section className="card" aria-label="Changed since the last review">
      <header>
        <h2>Changed since the last review</h2>
        <span className="grow" />
        <span className="unit">outlook, {unitOf(scale, currency)}</span>
      </header>
      {changes.length === 0 ? (
        <Empty>{from ? 'Nothing has moved the outlook since.' : 'No review was closed yet.'}</Empty>
      ) : (
        <ul className="list rows short">
          {changes.map((one) => (
            <li key={`${one.name} ${one.value}`}>
              <div className="row">
                <span className="a">
                  <span>{one.source ? <NodeLink node={one.source}>{one.name}</NodeLink> : one.name}</span>
                </span>
                <span className="m">
                  <Amount money={moneyIn(one.value)} scale={scale} decimals={2} variance />
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
      <footer>
        <Link className="lk" to="/review">
          The review
        </Link>
      </footer>
    </section>
  )
}
