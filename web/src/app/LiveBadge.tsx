import { useEffect, useState, useSyncExternalStore } from 'react'
import { contact } from '../gql/client'
import { badgeOf } from '../gql/contact'
import { Glyph } from '../ui/Glyph'

function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

function useOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      addEventListener('online', listener)
      addEventListener('offline', listener)
      return () => {
        removeEventListener('online', listener)
        removeEventListener('offline', listener)
      }
    },
    () => navigator.onLine,
  )
}

/** Live, Reconnecting or Offline, and how old the data is once there has been no contact for 5 s. */
export function LiveBadge() {
  const now = useNow(1_000)
  const badge = badgeOf(useSyncExternalStore(contact.subscribe, contact.read), useOnline(), now)
  return (
    <span className={`live ${badge.tone}`} data-testid="live-badge">
      <Glyph name={badge.tone} />
      <span role="status">{badge.word}</span>
      {badge.age !== null && <span aria-hidden="true">· data {badge.age} s old</span>}
    </span>
  )
}
