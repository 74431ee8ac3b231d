import { useApolloClient } from '@apollo/client/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import {
  CascadeChildrenDocument,
  type CascadeFilter,
  CascadeMatchesDocument,
  CascadeRootsDocument,
  CascadeRowsDocument,
} from '../../gql/documents'
import { pruned } from './tree'

export type Ref = { __typename: string; id: string }
type Branch = { refs: Ref[]; total: number }
export type Tree = {
  roots: string[] | null
  childrenOf: (id: string) => string[] | undefined
  ref: (id: string) => Ref | undefined
  problem: Error | null
  total: number
  reload: () => void
}
type Months = { from: string; to: string }

const ROOT = ''
const PAGE_LIMIT = 20

/** Follows the pages of a connection; a branch of more than 2,000 nodes is cut and says so by its total. */
async function allPages<Edge>(
  page: (after: string | null) => Promise<{
    edges: Edge[]
    totalCount: number
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
  } | null>,
) {
  const edges: Edge[] = []
  let after: string | null = null
  let total = 0
  for (let count = 0; count < PAGE_LIMIT; count++) {
    const answer: Awaited<ReturnType<typeof page>> = await page(after)
    if (!answer) break
    edges.push(...answer.edges)
    total = answer.totalCount
    if (!answer.pageInfo.hasNextPage) break
    after = answer.pageInfo.endCursor
  }
  return { edges, total }
}

function useLoaders(months: Months) {
  const client = useApolloClient()
  const { from, to } = months
  return {
    roots: useCallback(async (): Promise<Branch> => {
      const { edges, total } = await allPages(async (after) => {
        const { data } = await client.query({
          query: CascadeRootsDocument,
          variables: { from, to, after },
          fetchPolicy: 'network-only',
        })
        return data?.organization?.objectives ?? null
      })
      return { refs: edges.map((edge) => edge.node), total }
    }, [client, from, to]),
    children: useCallback(
      async (id: string): Promise<Branch> => {
        let milestones: Ref[] = []
        const { edges, total } = await allPages(async (after) => {
          const { data } = await client.query({
            query: CascadeChildrenDocument,
            variables: { id, from, to, after },
            fetchPolicy: 'network-only',
          })
          const node = data?.node
          if (node && 'milestones' in node) milestones = node.milestones.edges.map((edge) => edge.node)
          return node && 'children' in node ? node.children : null
        })
        return { refs: [...edges.map((edge) => edge.node), ...milestones], total: total + milestones.length }
      },
      [client, from, to],
    ),
    matches: useCallback(
      async (filter: CascadeFilter) => {
        const { data } = await client.query({
          query: CascadeMatchesDocument,
          variables: { filter, from, to },
          fetchPolicy: 'network-only',
        })
        const found = data?.organization?.nodes
        const nodes = (found?.edges ?? []).map((edge) => edge.node)
        const known = new Set(nodes.map((node) => node.id))
        const above = [...new Set(nodes.flatMap((node) => node.ancestors.map((one) => one.id)))].filter(
          (id) => !known.has(id),
        )
        const rest =
          above.length === 0
            ? []
            : ((
                await client.query({
                  query: CascadeRowsDocument,
                  variables: { ids: above.slice(0, 100), from, to },
                  fetchPolicy: 'network-only',
                })
              ).data?.nodes ?? [])
        return { nodes, above: rest.filter((node) => node !== null) as Ref[], total: found?.totalCount ?? 0 }
      },
      [client, from, to],
    ),
  }
}

/** The tree as it is opened: roots first, the children of a node when it is opened for the first time. */
export function useOpenTree(months: Months, open: ReadonlySet<string>, active: boolean): Tree {
  const loaders = useLoaders(months)
  const [branches, setBranches] = useState<ReadonlyMap<string, Branch>>(new Map())
  const [problem, setProblem] = useState<Error | null>(null)
  const asked = useRef(new Set<string>())
  const refs = useRef(new Map<string, Ref>())
  const { roots, children } = loaders

  // Another period asks for everything anew; what is on the screen stays until the answer is there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the loaders change with the period, and with nothing else
  useEffect(() => asked.current.clear(), [roots])

  const load = useCallback(
    (id: string) => {
      asked.current.add(id)
      const loading = id === ROOT ? roots() : children(id)
      loading.then(
        (branch) => {
          for (const ref of branch.refs) refs.current.set(ref.id, ref)
          setProblem(null)
          setBranches((before) => new Map(before).set(id, branch))
        },
        (why: Error) => {
          asked.current.delete(id)
          setProblem(why)
        },
      )
    },
    [roots, children],
  )

  const wanted = [ROOT, ...open].join(' ')
  useEffect(() => {
    if (!active) return
    for (const id of wanted.split(' ')) if (!asked.current.has(id)) load(id)
  }, [active, wanted, load])

  return {
    roots: branches.get(ROOT)?.refs.map((ref) => ref.id) ?? null,
    childrenOf: (id) => branches.get(id)?.refs.map((ref) => ref.id),
    ref: (id) => refs.current.get(id),
    problem,
    total: branches.get(ROOT)?.total ?? 0,
    reload: useCallback(() => {
      for (const id of [...asked.current]) load(id)
      load(ROOT)
    }, [load]),
  }
}

/** The tree as a search or a filter leaves it: what matches, and the way down to it. */
export function useFoundTree(months: Months, filter: CascadeFilter | null): Tree & { matches: ReadonlySet<string> } {
  const { matches } = useLoaders(months)
  const [found, setFound] = useState<Awaited<ReturnType<typeof matches>> | null>(null)
  const [problem, setProblem] = useState<Error | null>(null)
  const [turn, setTurn] = useState(0)
  const key = JSON.stringify(filter)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks again
  useEffect(() => {
    const asked = JSON.parse(key) as CascadeFilter | null
    if (!asked) return setFound(null)
    let current = true
    matches(asked).then(
      (answer) => {
        if (!current) return
        setProblem(null)
        setFound(answer)
      },
      (why: Error) => current && setProblem(why),
    )
    return () => {
      current = false
    }
  }, [key, matches, turn])
  const part = found ? pruned(found.nodes) : null
  const refs = new Map([...(found?.nodes ?? []), ...(found?.above ?? [])].map((ref) => [ref.id, ref]))
  return {
    roots: part?.roots ?? null,
    childrenOf: (id) => part?.children.get(id),
    ref: (id) => refs.get(id),
    problem,
    total: found?.total ?? 0,
    matches: new Set(found?.nodes.map((node) => node.id)),
    reload: useCallback(() => setTurn((before) => before + 1), []),
  }
}
