import { useQuery } from '@apollo/client/react'
import { useOrganization } from '../../app/session'
import { type FindingCode, FindingsDocument, type Severity } from '../../gql/documents'
import { useActivity } from '../../gql/useActivity'

type Asked = { first: number; codes?: FindingCode[] | null; severity?: Severity[] | null; includeResolved?: boolean }

/** The findings at a node or of the organization, most money first; asked for again when one opens or is resolved. */
export function useFindings(id: string, { first, codes = null, severity = null, includeResolved = false }: Asked) {
  const { revision } = useOrganization()
  const { data, previousData, error, refetch, fetchMore } = useQuery(FindingsDocument, {
    variables: { id, first, codes, severity, includeResolved },
    fetchPolicy: 'cache-and-network',
  })
  useActivity(
    null,
    revision,
    (facts) =>
      facts.some((fact) => fact.kind === 'FINDING_OPENED' || fact.kind === 'FINDING_RESOLVED') && void refetch(),
  )
  const found = (data ?? (previousData?.node?.id === id ? previousData : undefined))?.node
  const node = found && 'findings' in found ? found : null
  const page = node?.findings
  const more = () =>
    void fetchMore({
      variables: { after: page?.pageInfo.endCursor },
      updateQuery: (before, { fetchMoreResult: next }) => {
        if (!before.node || !('findings' in before.node) || !next.node || !('findings' in next.node)) return before
        const edges = [...before.node.findings.edges, ...next.node.findings.edges]
        return { ...next, node: { ...next.node, findings: { ...next.node.findings, edges } } }
      },
    })
  return {
    /** What they were asked of; null for the organization itself. */
    name: node && 'name' in node ? node.name : null,
    rows: page?.edges.map((edge) => edge.node) ?? null,
    total: page?.totalCount ?? 0,
    more: page?.pageInfo.hasNextPage ? more : null,
    error,
    refetch: () => void refetch(),
  }
}
