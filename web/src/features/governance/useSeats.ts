import { useQuery } from '@apollo/client/react'
import { useEffect, useState } from 'react'
import { SeatsDocument } from '../../gql/documents'
import { useActivity } from '../../gql/useActivity'

const ABOUT_SEATS = ['SEAT_CHANGED', 'PERSON_CHANGED', 'DELEGATION_CHANGED', 'DESK_HANDED_OVER']

/** All seats of the organization, page after page, kept current: a seat that changes is asked for again. */
export function useSeats() {
  const { data, error, refetch, fetchMore } = useQuery(SeatsDocument, { fetchPolicy: 'cache-and-network' })
  const [changes, setChanges] = useState(0)
  const again = () => {
    setChanges((before) => before + 1)
    void refetch()
  }
  useActivity(
    null,
    data?.organization?.revision,
    (facts) => facts.some((fact) => ABOUT_SEATS.includes(fact.kind)) && again(),
  )
  const page = data?.organization?.seats.pageInfo
  const after = page?.hasNextPage ? page.endCursor : null
  useEffect(() => {
    if (!after) return
    void fetchMore({
      variables: { after },
      updateQuery: (before, { fetchMoreResult: next }) => {
        if (!before.organization || !next.organization) return before
        const edges = [...before.organization.seats.edges, ...next.organization.seats.edges]
        return { ...next, organization: { ...next.organization, seats: { ...next.organization.seats, edges } } }
      },
    })
  }, [after, fetchMore])
  return {
    seats: (data?.organization?.seats.edges ?? []).map((edge) => edge.node),
    acts: data?.organization?.acts ?? [],
    loading: !data && !error,
    /** How often they have changed since one looks: what is derived from them asks again. */
    changes,
    error,
    refetch: again,
  }
}
