/**
 * What we know about the line to the server: one small store that the badge reads.
 *
 * Contact is any message, a pong included: the socket asks every 4 s, so 5 s of silence mean that what is on the
 * screen may be older than it looks, and the badge says how old.
 */
export type Line = 'connecting' | 'live' | 'reconnecting'
export type Contact = { line: Line; at: number | null }

export class ContactStore {
  private current: Contact = { line: 'connecting', at: null }
  private readonly listeners = new Set<() => void>()

  read = (): Contact => this.current

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  heard(now = Date.now()): void {
    this.set({ line: 'live', at: now })
  }

  lost(): void {
    this.set({ line: this.current.at === null ? 'connecting' : 'reconnecting', at: this.current.at })
  }

  private set(next: Contact): void {
    this.current = next
    for (const listener of this.listeners) listener()
  }
}

export type Badge = {
  tone: 'ok' | 'risk' | 'off'
  word: 'Live' | 'Connecting' | 'Reconnecting' | 'Offline'
  age: number | null
}

/** Silence that makes the age of the data worth saying, and silence after which nobody calls it reconnecting. */
export const SILENCE_MS = 5_000
export const GIVEN_UP_MS = 30_000

/** What the badge says, as a pure function of contact, clock and the browser's own opinion; age in whole seconds. */
export function badgeOf(contact: Contact, online: boolean, now: number): Badge {
  const silence = contact.at === null ? 0 : now - contact.at
  const age = contact.at !== null && silence >= SILENCE_MS ? Math.floor(silence / 1000) : null
  if (!online || silence >= GIVEN_UP_MS)
    return { tone: 'off', word: 'Offline', age: contact.at === null ? null : Math.floor(silence / 1000) }
  if (contact.line === 'live' && age === null) return { tone: 'ok', word: 'Live', age: null }
  return { tone: 'risk', word: contact.at === null ? 'Connecting' : 'Reconnecting', age }
}
