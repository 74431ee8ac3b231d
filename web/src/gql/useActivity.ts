import { print } from 'graphql'
import { useEffect, useRef } from 'react'
import { ActivityDocument, type ActivitySubscription, type FactRowFragment } from './documents'
import { useSocket } from './SocketContext'

const QUERY = print(ActivityDocument)

/** Facts that arrive in a burst are handed on together: one render for five hundred. */
export const BURST_MS = 250

/**
 * Calls `onFacts` with the facts below a node (or of the whole organization), oldest first, as they happen.
 *
 * `after` is the revision already on the screen; the stream replays what came since and goes on. After a lost
 * connection it asks for what came after the last fact it saw: nothing is missing and nothing comes twice.
 * `undefined` waits: the caller does not know yet from where.
 */
export function useActivity(
  under: string | null,
  after: string | null | undefined,
  onFacts: (facts: FactRowFragment[]) => void,
): void {
  const socket = useSocket()
  const latest = useRef(onFacts)
  latest.current = onFacts
  const waits = after === undefined
  const start = useRef(after)
  start.current = after
  useEffect(() => {
    if (waits) return
    const payload = { query: QUERY, variables: { under, after: start.current ?? null } }
    let burst: FactRowFragment[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const flush = () => {
      timer = undefined
      if (burst.length === 0) return
      const facts = burst
      burst = []
      latest.current(facts)
      timer = setTimeout(flush, BURST_MS)
    }
    const stop = socket.subscribe<ActivitySubscription>(payload, {
      next: ({ data }) => {
        if (!data) return
        payload.variables.after = data.activity.revision
        burst.push(data.activity)
        timer ??= setTimeout(flush, 0)
      },
      error: (problem) => console.warn('activity ended', problem),
      complete: () => undefined,
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [socket, under, waits])
}
