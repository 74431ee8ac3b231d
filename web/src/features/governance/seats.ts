/** Seats as they are read: in which state each is, and in which order they stand. */
import type { Role, SeatRowFragment } from '../../gql/documents'
import { day } from '../../ui/dates'
import { LEVELS, type Tone } from '../../ui/words'

/** What each role is there for, in the order in which they are usually explained. */
export const ROLES: readonly [Role, string][] = [
  ['EXECUTIVE', 'sits in the steering committee, ratifies seats and policies'],
  ['SPONSOR', 'decides for the business at the gates'],
  ['PORTFOLIO_LEAD', 'runs the cadence and writes the policy'],
  ['PROGRAM_LEAD', 'steers a program and its gates'],
  ['CONTROLLER', 'confirms size, timing and value for finance'],
  ['OWNER', 'may be named as who answers for a measure'],
  ['SALES_MANAGER', 'answers for quota, pipeline and results'],
  ['VIEWER', 'looks'],
  ['PARTNER', 'a machine with scopes instead of votes'],
  ['ADMIN', 'keeps people and seats, decides nothing'],
]
const VOTING: readonly Role[] = ['EXECUTIVE', 'SPONSOR', 'PROGRAM_LEAD', 'CONTROLLER']
export const votes = (role: Role): boolean => VOTING.includes(role)

export type SeatState = 'HOLDS' | 'WAITING' | 'LATER' | 'OVER'
type Dated = Pick<SeatRowFragment, 'from' | 'to' | 'ratified'>

/** Whether it is in effect today; one that is over is over, ratified or not. */
export function stateOf(seat: Dated, today: string): SeatState {
  if (seat.to !== null && seat.to < today) return 'OVER'
  if (!seat.ratified) return 'WAITING'
  return seat.from > today ? 'LATER' : 'HOLDS'
}

export const STATES: Record<SeatState, { word: string; tone: Tone }> = {
  HOLDS: { word: 'In effect', tone: 'ok' },
  WAITING: { word: 'To be ratified', tone: 'risk' },
  LATER: { word: 'Not begun', tone: 'none' },
  OVER: { word: 'Over', tone: 'none' },
}

/** "since 15 Nov 2024", "1 Mar to 30 Jun 2027", "ended 3 May 2026". */
export function span(seat: Dated, today: string): string {
  if (seat.to !== null && seat.to < seat.from) return 'never began'
  if (seat.to !== null && seat.to < today) return `ended ${day(seat.to)}`
  if (seat.to !== null) return `${day(seat.from, seat.to)} to ${day(seat.to)}`
  return seat.from > today ? `from ${day(seat.from)}` : `since ${day(seat.from)}`
}

function grouped(seats: readonly SeatRowFragment[], keyOf: (seat: SeatRowFragment) => string): Group[] {
  const groups = new Map<string, SeatRowFragment[]>()
  for (const seat of seats) groups.set(keyOf(seat), [...(groups.get(keyOf(seat)) ?? []), seat])
  return [...groups].map(([key, held]) => ({ key, seats: held }))
}

export type Group = { key: string; seats: SeatRowFragment[] }

const rank = (role: Role): number => ROLES.findIndex(([one]) => one === role)
const byRole = (a: SeatRowFragment, b: SeatRowFragment) =>
  rank(a.role) - rank(b.role) || a.person.name.localeCompare(b.person.name)
const placeOf = (seat: SeatRowFragment): string => (seat.everywhere ? '' : (seat.at?.id ?? 'hidden'))
const heightOf = (seat: SeatRowFragment): number =>
  seat.everywhere ? -1 : seat.at ? LEVELS.indexOf(seat.at.level) : LEVELS.length
const nameOf = (seat: SeatRowFragment): string => seat.at?.name ?? ''

/** Seats by the place where they are held, the whole organization first, then from the top of the cascade down. */
export function byPlace(seats: readonly SeatRowFragment[]): Group[] {
  const order = (a: SeatRowFragment, b: SeatRowFragment) =>
    heightOf(a) - heightOf(b) || nameOf(a).localeCompare(nameOf(b)) || byRole(a, b)
  return grouped(seats.toSorted(order), placeOf)
}

/** Seats by the person who holds them, by name. */
export function byPerson(seats: readonly SeatRowFragment[]): Group[] {
  const sorted = seats.toSorted((a, b) => a.person.name.localeCompare(b.person.name) || heightOf(a) - heightOf(b))
  return grouped(sorted, (seat) => seat.person.id)
}

/** Whether a seat has to do with what was typed: the person, the place or the role. */
export function matches(seat: SeatRowFragment, typed: string): boolean {
  const within = [seat.person.name, seat.person.email, seat.at?.name, seat.role.replaceAll('_', ' ')]
  return within.some((text) => text?.toLowerCase().includes(typed.trim().toLowerCase()))
}

/** What a viewer's seat opens besides its branch. */
export function readsOf(seat: Pick<SeatRowFragment, 'readsMoney' | 'readsLedger'>): string {
  if (seat.readsMoney) return seat.readsLedger ? 'with amounts and ledger' : 'with amounts'
  return seat.readsLedger ? 'with the ledger, without amounts' : 'without amounts'
}
