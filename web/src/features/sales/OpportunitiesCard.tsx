import { useQuery } from '@apollo/client/react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useOrganization } from '../../app/session'
import { OpportunitiesDocument, type OpportunityRowFragment, type OpportunityState } from '../../gql/documents'
import { useActivity } from '../../gql/useActivity'
import { day } from '../../ui/dates'
import { compact, percent, plain, type Scale, unitOf } from '../../ui/numbers'
import { Amount, Bone, Empty, Failed, Scroll } from '../../ui/parts'
import { word } from '../../ui/words'

const PAGE = 20
const SHOWS: { key: string; word: string; states: OpportunityState[] | null }[] = [
  { key: 'open', word: 'Open', states: ['OPEN'] },
  { key: 'won', word: 'Won', states: ['WON'] },
  { key: 'lost', word: 'Lost', states: ['LOST'] },
  { key: 'all', word: 'All', states: null },
]

function Line({ one, scale }: { one: OpportunityRowFragment; scale: Scale }) {
  const { today } = useOrganization()
  const weighted = one.amount && one.probability ? Number(one.amount.amount) * Number(one.probability) : null
  return (
    <tr>
      <th scope="row">{one.account ?? <span className="dim">no account</span>}</th>
      <td className="l no-ph-cell">{one.product ?? <span className="dim">·</span>}</td>
      <td className="l no-ph-cell">{one.stage}</td>
      <td className="no-ph-cell">{percent(one.probability)}</td>
      <td>{one.closedOn ? day(one.closedOn, today) : <span className="dim">no date</span>}</td>
      <td>
        <Amount money={one.amount} scale={scale} decimals={scale.prefix === 'k' ? 1 : undefined} />
      </td>
      <td className="no-ph-cell">{compact(weighted, scale, scale.prefix === 'k' ? 1 : undefined)}</td>
      <td className="l no-ph-cell wide">{one.seller ?? <span className="dim">·</span>}</td>
      <td className="l dim no-ph-cell">{one.externalId}</td>
    </tr>
  )
}

/** The opportunities of a plan, page by page. */
export function OpportunitiesCard({ id, scale, currency }: { id: string; scale: Scale; currency: string }) {
  const { show } = useSearch({ from: '/plan/$id' })
  const navigate = useNavigate()
  const chosen = SHOWS.find((one) => one.key === show) ?? (SHOWS[0] as (typeof SHOWS)[number])
  const variables = { id, first: PAGE, filter: chosen.states ? { states: chosen.states } : null }
  const { data, previousData, error, refetch, fetchMore } = useQuery(OpportunitiesDocument, { variables })
  useActivity(id, null, (facts) => {
    if (facts.some((fact) => fact.kind === 'RESULTS_RECORDED')) void refetch()
  })
  const node = (data ?? previousData)?.node
  const found = node && 'opportunities' in node ? node.opportunities : null
  const choose = (key: string) =>
    void navigate({
      to: '.',
      search: (before) => ({ ...before, show: key === 'open' ? undefined : key }),
      replace: true,
      resetScroll: false,
    })
  const more = () =>
    void fetchMore({
      variables: { after: found?.pageInfo.endCursor },
      updateQuery: (before, { fetchMoreResult: next }) => {
        if (!before.node || !next.node || !('opportunities' in before.node) || !('opportunities' in next.node))
          return before
        return {
          node: {
            ...next.node,
            opportunities: {
              ...next.node.opportunities,
              edges: [...before.node.opportunities.edges, ...next.node.opportunities.edges],
            },
          },
        }
      },
    })
  return (
    <section className="card mt4" aria-label="Opportunities">
      <header className="wrap">
        <h2>Opportunities</h2>
        <span className="unit">{unitOf(scale, currency)}</span>
        <span className="grow" />
        <div className="seg" role="group" aria-label="Which opportunities">
          {SHOWS.map((one) => (
            <button key={one.key} type="button" aria-pressed={one.key === chosen.key} onClick={() => choose(one.key)}>
              {one.word}
            </button>
          ))}
        </div>
      </header>
      {!found ? (
        error ? (
          <Failed what="The opportunities" problem={error} retry={() => void refetch()} />
        ) : (
          <div className="pad">
            <Bone height={120} />
          </div>
        )
      ) : found.edges.length === 0 ? (
        <Empty>
          {chosen.states
            ? `This plan has no ${word(chosen.states[0] as OpportunityState).toLowerCase()} opportunity.`
            : 'No CRM result has been matched to this plan yet.'}
        </Empty>
      ) : (
        <Scroll label="Table of opportunities">
          <table className="tb">
            <thead>
              <tr>
                <th className="l" scope="col">
                  Account
                </th>
                <th className="l no-ph-cell" scope="col">
                  Product
                </th>
                <th className="l no-ph-cell" scope="col">
                  CRM stage
                </th>
                <th className="no-ph-cell" scope="col">
                  Probability
                </th>
                <th scope="col">{chosen.key === 'open' ? 'Closes' : 'Closed'}</th>
                <th scope="col">Amount</th>
                <th className="no-ph-cell" scope="col">
                  Weighted
                </th>
                <th className="l no-ph-cell wide" scope="col">
                  Seller
                </th>
                <th className="l no-ph-cell" scope="col">
                  CRM id
                </th>
              </tr>
            </thead>
            <tbody>
              {found.edges.map(({ node: one }) => (
                <Line key={one.id} one={one} scale={scale} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {found && found.edges.length > 0 && (
        <footer>
          <span className="k num">
            {plain(found.edges.length)} of {plain(found.totalCount)}
          </span>
          {found.pageInfo.hasNextPage && (
            <button type="button" className="lk" onClick={more}>
              Show {Math.min(PAGE, found.totalCount - found.edges.length)} more
            </button>
          )}
        </footer>
      )}
    </section>
  )
}
