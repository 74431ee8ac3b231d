import { useQuery } from '@apollo/client/react'
import { useOrganization } from '../../app/session'
import { DecisionsDocument, WatchDecisionsDocument } from '../../gql/documents'
import { useWatch } from '../../gql/useWatch'
import { type Pending, pendingOf } from './pending'

/** What waits for the viewer, and the votes that are lent. */
export function useDecisions() {
  const { data, error, refetch } = useQuery(DecisionsDocument)
  const viewer = data?.organization?.viewer
  const pending: Pending[] | undefined = viewer?.decisions.edges.map(pendingOf)
  return { pending, viewer, error, refetch }
}

/** How much waits, live wherever one is: the frame asks, and the page reads what it keeps current. */
export function useDecisionCount(): number | null {
  const { id } = useOrganization()
  useWatch(WatchDecisionsDocument, { id })
  const { data } = useQuery(DecisionsDocument)
  return data?.organization?.viewer.decisions.totalCount ?? null
}
