import type { OperationVariables } from '@apollo/client'
import { useApolloClient } from '@apollo/client/react'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { useEffect } from 'react'
import { isPast } from './past'

/**
 * Keeps what a page has queried current. The `watch` subscription selects what the page selects, so each answer lands
 * on the same things in the cache and the page renders it: the same way for first, own and other people's news.
 * The past does not change, so nobody watches it.
 */
export function useWatch<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables | null,
): void {
  const client = useApolloClient()
  const key = JSON.stringify(variables)
  useEffect(() => {
    const asked = JSON.parse(key) as Variables | null
    if (!asked || isPast(client)) return
    // A watch that cannot be had leaves the page with what it queried; the badge shows that nothing is live.
    const following = client
      .subscribe({ query: document, variables: asked as never })
      .subscribe({ error: (problem: unknown) => console.warn('watch ended', problem) })
    return () => following.unsubscribe()
  }, [client, document, key])
}
