import { useApolloClient } from '@apollo/client/react'
import { useCallback, useRef } from 'react'
import { CascadeRowsDocument } from '../../gql/documents'

/**
 * Keeps the rows in sight current. A fact may change the sums of every row above it, so after facts the rows in sight
 * are asked for again in one go; the others when they come into sight.
 */
export function useFreshRows(months: { from: string; to: string }) {
  const client = useApolloClient()
  const mark = useRef(0)
  const seen = useRef(new Map<string, number>())
  const visible = useRef<string[]>([])
  const refresh = useCallback(() => {
    const stale = visible.current.filter((id) => (seen.current.get(id) ?? 0) < mark.current)
    if (stale.length === 0) return
    for (const id of stale) seen.current.set(id, mark.current)
    client
      .query({
        query: CascadeRowsDocument,
        variables: { ids: stale.slice(0, 100), ...months },
        fetchPolicy: 'network-only',
      })
      .catch(() => {
        for (const id of stale) seen.current.delete(id)
      })
  }, [client, months])
  const onVisible = useCallback(
    (ids: string[]) => {
      visible.current = ids
      for (const id of ids) if (!seen.current.has(id)) seen.current.set(id, mark.current)
      refresh()
    },
    [refresh],
  )
  const changed = useCallback(() => {
    mark.current += 1
    refresh()
  }, [refresh])
  return { onVisible, changed }
}
