import { useQuery } from '@apollo/client/react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { NodeLink } from '../../app/NodeLink'
import { Page } from '../../app/Page'
import { useOrganization, useSession } from '../../app/session'
import type { Stage } from '../../gql/documents'
import { type MilestoneFullFragment, MilestonesOfDocument, MilestonesPageDocument } from '../../gql/documents'
import { useActivity } from '../../gql/useActivity'
import { Icon } from '../../ui/Icon'
import { plural } from '../../ui/numbers'
import { CardBones, Empty, Failed, StageGlyph } from '../../ui/parts'
import { ActButton, type Permission } from '../../ui/Why'
import { AddMilestoneDialog } from './MilestoneDialogs'
import { DateLegend } from './MilestonesCard'
import { datesOf, Timeline } from './Timeline'
import { axisOf, nextDue } from './timeline'
import './milestones.css'

type Group = {
  __typename: string
  id: string
  name: string
  stage: Stage
  acts: readonly Permission[]
  milestones: MilestoneFullFragment[]
}

/** What is due next comes first. A group keeps its place while it is looked at, whatever is achieved meanwhile. */
function useDueFirst(groups: readonly Group[]): Group[] {
  const places = useRef(new Map<string, number>())
  const unplaced = groups.filter((group) => !places.current.has(group.id))
  const byDue = unplaced.toSorted((a, b) => nextDue(a.milestones).localeCompare(nextDue(b.milestones)))
  for (const group of byDue) places.current.set(group.id, places.current.size)
  return groups.toSorted((a, b) => (places.current.get(a.id) ?? 0) - (places.current.get(b.id) ?? 0))
}

/** The measures whose milestones are shown: one, those one owns, or all. */
function useGroups(of: string | undefined, mine: boolean) {
  const { person } = useSession()
  const one = useQuery(MilestonesOfDocument, { variables: { id: of ?? '' }, skip: !of })
  const many = useQuery(MilestonesPageDocument, { variables: { owner: mine ? person.id : null }, skip: Boolean(of) })
  const nodes = of
    ? one.data?.node && 'milestones' in one.data.node
      ? [one.data.node]
      : []
    : (many.data?.organization?.nodes.edges ?? []).map((edge) => edge.node)
  const groups: Group[] = nodes.flatMap((node) =>
    'milestones' in node ? [{ ...node, milestones: node.milestones.edges.map((edge) => edge.node) }] : [],
  )
  const asked = of ? one : many
  const more = of ? null : many.data?.organization?.nodes.pageInfo
  const loadMore = more?.hasNextPage
    ? () =>
        void many.fetchMore({
          variables: { after: more.endCursor },
          updateQuery: (before, { fetchMoreResult: next }) => {
            if (!before.organization || !next.organization) return before
            return {
              ...next,
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
    : null
  return {
    groups: useDueFirst(groups),
    error: asked.error,
    loading: !asked.data && !asked.error,
    refetch: () => void asked.refetch(),
    loadMore,
  }
}

function GroupCard({ group, axis }: { group: Group; axis: ReturnType<typeof axisOf> }) {
  const [adding, setAdding] = useState(false)
  return (
    <section className="card msgroup" aria-label={group.name}>
      <header>
        <h2>
          <NodeLink node={group}>{group.name}</NodeLink>
        </h2>
        <StageGlyph stage={group.stage} />
        <span className="grow" />
        <ActButton acts={group.acts} act="addMilestone" className="btn small" onClick={() => setAdding(true)}>
          <Icon name="plus" />
          Milestone
        </ActButton>
      </header>
      {group.milestones.length === 0 ? (
        <Empty>No milestone yet.</Empty>
      ) : (
        <Timeline milestones={group.milestones} axis={axis} />
      )}
      {adding && <AddMilestoneDialog under={group.id} onClose={() => setAdding(false)} />}
    </section>
  )
}

export function MilestonesPage() {
  const { whose, of } = useSearch({ from: '/milestones' })
  const navigate = useNavigate()
  const { today } = useOrganization()
  const mine = whose !== 'all'
  const { groups, error, loading, refetch, loadMore } = useGroups(of, mine)
  useActivity(of ?? null, null, refetch)
  const shown = of ? groups : groups.filter((group) => group.milestones.length > 0)
  const axis = axisOf(datesOf(shown.flatMap((group) => group.milestones)), today)
  const count = shown.reduce((sum, group) => sum + group.milestones.length, 0)
  const choose = (value: string | undefined) =>
    void navigate({ to: '/milestones', search: (before) => ({ ...before, of: undefined, whose: value }) })
  return (
    <Page title="Milestones">
      <div className="ph">
        <div>
          <h1>Milestones</h1>
          <p className="sub">{plural(count, 'milestone')} with dates and evidence</p>
        </div>
        <span className="grow" />
        <DateLegend />
        <div className="seg" role="group" aria-label="Whose milestones">
          <button type="button" aria-pressed={!of && mine} onClick={() => choose(undefined)}>
            Of what I own
          </button>
          <button type="button" aria-pressed={!of && !mine} onClick={() => choose('all')}>
            All I may see
          </button>
        </div>
      </div>
      {loading ? (
        <CardBones lines={6} />
      ) : error && shown.length === 0 ? (
        <section className="card">
          <Failed what="The milestones" problem={error} retry={refetch} />
        </section>
      ) : shown.length === 0 ? (
        <section className="card">
          <Empty
            action={
              mine ? (
                <button type="button" className="btn" onClick={() => choose('all')}>
                  Show all I may see
                </button>
              ) : (
                <Link className="btn" to="/cascade">
                  Open the cascade
                </Link>
              )
            }
          >
            {mine && !of ? 'You own no measure with milestones.' : 'There is no milestone here.'}
          </Empty>
        </section>
      ) : (
        shown.map((group) => <GroupCard key={group.id} group={group} axis={axis} />)
      )}
      {loadMore && (
        <p style={{ marginTop: 12 }}>
          <button type="button" className="btn" onClick={loadMore}>
            Show more measures
          </button>
        </p>
      )}
    </Page>
  )
}
