import { useApolloClient, useMutation } from '@apollo/client/react'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { useCallback, useRef, useState } from 'react'
import { contact } from './client'
import type { RefusalCode, RefusedFragment } from './documents'

export type Member = { __typename: string }
type Refusal = { __typename: 'Refusal' } & RefusedFragment
export type Accepted<Data> = Exclude<Data[keyof Data], Refusal>

/** A no that is shown in place: from the server, or from the line to it. */
export type No = { code: RefusalCode | 'UNREACHABLE'; message: string; details: string[]; path: string[] }

const UNREACHABLE: No = {
  code: 'UNREACHABLE',
  message: 'The server could not be reached, so it is not certain whether this was saved.',
  details: ['Try again: the same request is sent under the same key, and is never carried out twice.'],
  path: [],
}

export function newKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID()
  // Without https `randomUUID` does not exist, and Stageline may well run in a house network without it.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * One write. `act(input)` resolves to what was accepted, or to null when it was refused; the reason is in `no`.
 *
 * Each attempt carries an idempotency key. It is kept only while it is unknown whether the server acted, so that
 * pressing the button again cannot do the same thing twice.
 */
export function useAct<Data extends Record<string, Member>, Input extends { idempotencyKey?: string | null }>(
  document: TypedDocumentNode<Data, { input: Input }>,
) {
  const client = useApolloClient()
  const [mutate, { loading }] = useMutation(document as TypedDocumentNode<Data, { input: Input }>)
  const [no, setNo] = useState<No | null>(null)
  const unsettled = useRef<{ key: string; content: string } | null>(null)

  const act = useCallback(
    async (input: Omit<Input, 'idempotencyKey'>): Promise<Accepted<Data> | null> => {
      const content = JSON.stringify(input)
      const key = unsettled.current?.content === content ? unsettled.current.key : newKey()
      unsettled.current = { key, content }
      setNo(null)
      let answer: Member | undefined
      try {
        const variables = { input: { ...input, idempotencyKey: key } as Input }
        const result = await mutate({ variables } as Parameters<typeof mutate>[0])
        answer = Object.values((result.data ?? {}) as Data)[0]
      } catch (problem) {
        const said = (problem as { errors?: { message: string }[] }).errors
        setNo(said ? { ...UNREACHABLE, message: said[0]?.message ?? UNREACHABLE.message, details: [] } : UNREACHABLE)
        return null
      }
      unsettled.current = null
      if (!answer) {
        setNo(UNREACHABLE)
        return null
      }
      const refused = answer.__typename === 'Refusal'
      if (refused) {
        const refusal = answer as Refusal
        setNo({ ...refusal, path: refusal.path ?? [] })
        if (refusal.code === 'STALE' || refusal.code === 'ALREADY_DECIDED')
          await client.refetchQueries({ include: 'active' })
        return null
      }
      // The watch brings the news. Without a live line nobody does, so ask.
      if (contact.read().line !== 'live') await client.refetchQueries({ include: 'active' })
      return answer as Accepted<Data>
    },
    [client, mutate],
  )
  const forget = useCallback(() => setNo(null), [])
  return { act, busy: loading, no, forget }
}
