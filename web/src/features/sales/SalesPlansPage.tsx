import './sales.css'
import '../measure/measure.css'
import { useQuery } from '@apollo/client/react'
import { Link } from '@tanstack/react-router'
import { NodeLink } from '../../app/NodeLink'
import { Page } from '../../app/Page'
import { usePeriod } from '../../app/period'
import { useOrganization } from '../../app/session'
import { SalesPlansDocument, type SalesPlansQuery } from '../../gql/documents'
import { useActivity } from '../../gql/useActivity'
import { Glyph } from '../../ui/Glyph'
import { amountOf, percent, plural, type Scale, scaleFor, times, unitOf } from '../../ui/numbers'
import { Amount, CardBones, Empty, Failed, Pulse, Scroll, StageGlyph, StandingPill } from '../../ui/parts'

type Plan = NonNullable<SalesPlansQuery['organization']>['nodes']['edges'][number]['node']

function Line({ plan, scale }: { plan: Plan; scale: Scale }) {
  const { sales } = plan
  const attainment = sales.attainment === null ? null : Number(sales.attainment)
  const short =
    sales.coverage !== null &&
    sales.requiredCoverage !== null &&
    Number(sales.coverage) < Number(sales.requiredCoverage)
  return (
    <tr>
      <th scope="row">
        <NodeLink node={plan}>
          <b>{plan.name}</b>
        </NodeLink>{' '}
        {plan.standing !== 'ACTIVE' && <StandingPill standing={plan.standing} />}
        <small className="k under">{plan.parent?.name}</small>
      </th>
      <td className="l no-ph-cell">{'stage' in plan && <StageGlyph stage={plan.stage} />}</td>
      <td className="no-ph-cell">
        <Amount money={sales.quota.value} scale={scale} />
      </td>
      <td>
        <Amount money={sales.won.value} scale={scale} />
      </td>
      <td>
        {attainment !== null && (
          <span className="ib no-ph" aria-hidden="true">
            <b style={{ width: `${Math.min(100, attainment * 100)}%` }} />
          </span>
        )}
        <Pulse of={String(sales.attainment)}>{percent(sales.attainment)}</Pulse>
      </td>
      <td className="no-ph-cell">
        <Amount money={sales.gap.value} scale={scale} />
      </td>
      <td className="no-ph-cell">{percent(sales.winRate)}</td>
      <td>
        {short && (
          <span className="risk">
            <Glyph name="risk" /> <span className="sr">short of the required coverage, </span>
          </span>
        )}
        {times(sales.coverage)}
      </td>
      <td className="dim no-ph-cell">{times(sales.requiredCoverage)}</td>
      <td className="l wide no-ph-cell">{plan.owner?.name ?? <span className="dim">nobody yet</span>}</td>
    </tr>
  )
}

export function SalesPlansPage() {
  const period = usePeriod()
  const { reportingCurrency } = useOrganization()
  const variables = { from: period.from, to: period.to, filter: { levels: ['SALES_PLAN' as const] } }
  const { data, previousData, error, refetch, fetchMore } = useQuery(SalesPlansDocument, {
    variables,
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  })
  useActivity(null, null, () => void refetch())
  const organization = (data ?? previousData)?.organization
  const plans = (organization?.nodes.edges ?? []).map((edge) => edge.node)
  const scale = scaleFor(plans.map((plan) => amountOf(plan.sales.quota)))
  const total = organization?.sales
  const page = organization?.nodes.pageInfo
  const more = () =>
    void fetchMore({
      variables: { after: page?.endCursor },
      updateQuery: (before, { fetchMoreResult: next }) => {
        if (!before.organization || !next.organization) return before
        return {
          organization: {
            ...next.organization,
            nodes: {
              ...next.organization.nodes,
              edges: [...before.organization.nodes.edges, ...next.organization.nodes.edges],
            },
          },
        }
      },
    })
  return (
    <Page title="Sales plans">
      <div className="ph">
        <div>
          <h1>Sales plans</h1>
          <p className="sub">
            {organization && `${plural(organization.nodes.totalCount, 'plan')} · `}
            {period.label} · quota is compared with the case, never added to it
          </p>
        </div>
        <span className="grow" />
        <Link className="btn" to="/plans/matching">
          Which deals count
        </Link>
      </div>
      {!organization ? (
        error ? (
          <section className="card">
            <Failed what="The sales plans" problem={error} retry={() => void refetch()} />
          </section>
        ) : (
          <CardBones title="Plans" lines={10} />
        )
      ) : plans.length === 0 ? (
        <section className="card">
          <Empty
            action={
              <Link className="btn" to="/cascade">
                Open the cascade
              </Link>
            }
          >
            There is no sales plan yet. One is created under an initiative in the cascade.
          </Empty>
        </section>
      ) : (
        <section className="card" aria-label="Plans">
          <header>
            <h2>Plans</h2>
            <span className="grow" />
            <span className="unit">{unitOf(scale, reportingCurrency)}</span>
          </header>
          <Scroll label="Table of sales plans">
            <table className="tb">
              <thead>
                <tr>
                  <th className="l" scope="col">
                    Plan
                  </th>
                  <th className="l no-ph-cell" scope="col">
                    Stage
                  </th>
                  <th className="no-ph-cell" scope="col">
                    Quota
                  </th>
                  <th scope="col">Won</th>
                  <th scope="col">Attainment</th>
                  <th className="no-ph-cell" scope="col">
                    Gap
                  </th>
                  <th className="no-ph-cell" scope="col">
                    Win rate
                  </th>
                  <th scope="col">Coverage</th>
                  <th className="no-ph-cell" scope="col">
                    Required
                  </th>
                  <th className="l wide no-ph-cell" scope="col">
                    Owner
                  </th>
                </tr>
              </thead>
              <tbody>
                {plans.map((plan) => (
                  <Line key={plan.id} plan={plan} scale={scale} />
                ))}
                {total && (
                  <tr className="tot">
                    <th scope="row">All plans</th>
                    <td className="no-ph-cell" />
                    <td className="no-ph-cell">
                      <Amount money={total.quota.value} scale={scale} />
                    </td>
                    <td>
                      <Amount money={total.won.value} scale={scale} />
                    </td>
                    <td>{percent(total.attainment)}</td>
                    <td className="no-ph-cell">
                      <Amount money={total.gap.value} scale={scale} />
                    </td>
                    <td className="no-ph-cell">{percent(total.winRate)}</td>
                    <td>{times(total.coverage)}</td>
                    <td className="dim no-ph-cell">{times(total.requiredCoverage)}</td>
                    <td className="no-ph-cell" />
                  </tr>
                )}
              </tbody>
            </table>
          </Scroll>
          {page?.hasNextPage && (
            <footer>
              <button type="button" className="lk" onClick={more}>
                Show more plans
              </button>
            </footer>
          )}
        </section>
      )}
    </Page>
  )
}
