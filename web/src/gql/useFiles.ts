import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { useCallback, useState } from 'react'
import type { Accepted, Member, No } from './useAct'

type Answer<Data> = { data?: Data | null; errors?: { message: string }[] }

const LOST: No = {
  code: 'UNREACHABLE',
  message: 'The files did not reach the server, or it took too long to answer.',
  details: ['Look whether anything was imported before you try again; the same files again change nothing.'],
  path: [],
}

/** The body of a GraphQL multipart request: the operation, where each file belongs in it, and the files. */
export function multipart(query: string, variables: object, files: Readonly<Record<string, File>>): FormData {
  const body = new FormData()
  const places = Object.entries(files)
  body.append('operations', JSON.stringify({ query, variables }))
  body.append(
    'map',
    JSON.stringify(Object.fromEntries(places.map(([place], index) => [index, [`variables.${place}`]]))),
  )
  places.forEach(([, file], index) => {
    body.append(String(index), file, file.name)
  })
  return body
}

/** Sends an operation with files; raises where the server cannot be reached. */
export async function sendFiles<Data>(query: string, variables: object, files: Record<string, File>) {
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: { 'X-Stageline': 'web' },
    body: multipart(query, variables, files),
  })
  return (await answer.json()) as Answer<Data>
}

/** One write that carries files; resolves to what was accepted, or to null when it was refused: the reason is in `no`. */
export function useFiles<Data extends Record<string, Member>, Input>(
  document: TypedDocumentNode<Data, { input: Input }>,
) {
  const [busy, setBusy] = useState(false)
  const [no, setNo] = useState<No | null>(null)
  const send = useCallback(
    async (input: object, files: readonly File[]): Promise<Accepted<Data> | null> => {
      setBusy(true)
      setNo(null)
      try {
        const variables = { input: { ...input, files: files.map(() => null) } }
        const placed = Object.fromEntries(files.map((file, index) => [`input.files.${index}`, file]))
        const { data, errors } = await sendFiles<Data>(print(document), variables, placed)
        const member = data && Object.values(data)[0]
        if (!member) {
          setNo({ ...LOST, message: errors?.[0]?.message ?? LOST.message, details: [] })
          return null
        }
        if (member.__typename === 'Refusal') {
          setNo(member as unknown as No)
          return null
        }
        return member as Accepted<Data>
      } catch {
        setNo(LOST)
        return null
      } finally {
        setBusy(false)
      }
    },
    [document],
  )
  return { send, busy, no }
}
