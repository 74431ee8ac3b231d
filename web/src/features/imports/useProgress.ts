import { print } from 'graphql'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ImportProgressDocument, type ImportProgressSubscription } from '../../gql/documents'
import { useSocket } from '../../gql/SocketContext'

export type Progress = ImportProgressSubscription['importProgress']

/**
 * How far the import under a key has come, from `follow(key)` until it has ended or `leave()`.
 *
 * Without a live line there is none, and the import itself does not need it.
 */
export function useProgress() {
  const socket = useSocket()
  const [progress, setProgress] = useState<Progress | null>(null)
  const stop = useRef<() => void>(() => undefined)
  const leave = useCallback(() => {
    stop.current()
    stop.current = () => undefined
    setProgress(null)
  }, [])
  const follow = useCallback(
    (key: string) => {
      leave()
      const payload = { query: print(ImportProgressDocument), variables: { key } }
      stop.current = socket.subscribe<ImportProgressSubscription>(payload, {
        next: ({ data }) => data && setProgress(data.importProgress),
        error: (problem) => console.warn('progress ended', problem),
        complete: () => undefined,
      })
    },
    [socket, leave],
  )
  useEffect(() => leave, [leave])
  return { progress, follow, leave }
}
