import { useQuery } from '@apollo/client/react'
import { useOrganization } from '../../app/session'
import { DecisionsDocument } from '../../gql/documents'
import { dayOf, daysBetween } from '../../ui/dates'
import { word } from '../../ui/words'
import type { Pending } from './pending'

export function useDecisions() {
  const { today, timeZone } = useOrganization()
  const { data, error, refetch } = useQuery(DecisionsDocument)
  const pending = data?.organization?.nodes.edges.flatMap(({ node }): Pending[] =>
    'nextGate' in node && node.nextGate?.votesAs
      ? [
          {
            id: node.nextGate.id,
            measure: node,
            asked: `Gate into ${word(node.nextGate.into)}`,
            atStake: node.estimatedValue,
            ageDays: daysBetween(dayOf(node.nextGate.submission?.submittedAt ?? '', timeZone), today),
            lentBy: null,
          },
        ]
      : [],
  )
  return { pending, viewer: data?.organization?.viewer, error, refetch }
}
