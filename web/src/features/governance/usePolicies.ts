import { useQuery } from '@apollo/client/react'
import { PoliciesDocument, PolicyVersionDocument, type PolicyVersionQuery } from '../../gql/documents'
import { useActivity } from '../../gql/useActivity'

/** One version, all of it; its faults and its simulation only while it is not locked. */
export type Shown = Extract<NonNullable<PolicyVersionQuery['node']>, { __typename: 'Policy' }>

/** Every version and all of the one that is looked at: what is in force, unless the address names another. */
export function usePolicies(chosen: string | undefined) {
  const all = useQuery(PoliciesDocument, { fetchPolicy: 'cache-and-network' })
  const organization = all.data?.organization
  const versions = organization?.policies ?? []
  const shown =
    versions.find((one) => String(one.version) === chosen) ??
    versions.find((one) => one.state === 'IN_FORCE') ??
    versions[0] ??
    organization?.policy
  const open = shown?.state === 'DRAFT' || shown?.state === 'PROPOSED'
  const one = useQuery(PolicyVersionDocument, {
    variables: { id: shown?.id ?? '', open },
    skip: !shown,
    fetchPolicy: 'cache-and-network',
  })
  // The version first, whole: its state must not be newer on the screen than what it says and its revision.
  const again = async () => {
    if (shown) await one.refetch()
    await all.refetch()
  }
  useActivity(
    null,
    organization?.revision,
    (facts) => facts.some((fact) => fact.kind === 'POLICY_CHANGED') && void again(),
  )
  const node = one.data?.node ?? one.previousData?.node
  return {
    versions,
    shown,
    policy: node?.__typename === 'Policy' && node.id === shown?.id ? node : null,
    acts: organization?.acts ?? [],
    loading: !all.data && !all.error,
    error: all.error ?? one.error,
    again: () => void again(),
  }
}
