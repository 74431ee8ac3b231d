import { useRef } from 'react'
import type { No } from './useAct'

/**
 * The revision a person has decided upon: the one on the screen when the dialog opened, although the page behind it
 * lives on. Once a STALE refusal has shown them what changed, it is the current one, and pressing again means it.
 */
export function useSeenRevision(current: string, no: No | null): string {
  const opened = useRef(current)
  return no?.code === 'STALE' ? current : opened.current
}
