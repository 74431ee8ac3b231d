/** Dates and months as people read them. A day is "2026-06-18", a month "2026-06": both compare as text. */
const NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAY = 86_400_000

const utc = (day: string): number => Date.parse(`${day.slice(0, 10)}T00:00:00Z`)

/** "18 Jun 2026", and without the year when it is that of `today`. */
export function day(date: string, today?: string): string {
  const text = `${Number(date.slice(8, 10))} ${NAMES[Number(date.slice(5, 7)) - 1]}`
  return today?.slice(0, 4) === date.slice(0, 4) ? text : `${text} ${date.slice(0, 4)}`
}

export const monthName = (month: string): string => NAMES[Number(month.slice(5, 7)) - 1] ?? month

export const monthYear = (month: string): string => `${monthName(month)} ${month.slice(0, 4)}`

export function addMonths(month: string, count: number): string {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + count
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
}

export function monthsBetween(from: string, to: string): string[] {
  const months: string[] = []
  for (let month = from; month <= to && months.length < 120; month = addMonths(month, 1)) months.push(month)
  return months
}

export const addDays = (date: string, count: number): string =>
  new Date(utc(date) + count * DAY).toISOString().slice(0, 10)

export const daysBetween = (from: string, to: string): number => Math.round((utc(to) - utc(from)) / DAY)

/** How far `date` lies between two days, 0 to 1; outside it is held at the edge. */
export function share(date: string, from: string, to: string): number {
  return Math.min(1, Math.max(0, (utc(date) - utc(from)) / Math.max(utc(to) - utc(from), DAY)))
}

/** How long ago an instant was: "Just now", "11 min", "2 h", "3 d". */
export function ago(at: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(at)) / 1000)
  if (seconds < 60) return 'Just now'
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}

/** An instant in the organization's time zone: "18 Jun 2026, 14:02". */
export function instant(at: string, timeZone: string): string {
  const options = { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone }).format(new Date(at))
}

/** The day an instant falls on in the organization's time zone, as "2026-06-18". */
export const dayOf = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(at))

/** The last second of a day in a time zone, as an instant. */
export function endOfDay(day: string, timeZone: string): string {
  const asUtc = Date.parse(`${day}T23:59:59Z`)
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  const clock = new Intl.DateTimeFormat('sv-SE', { ...options, second: '2-digit', timeZone })
  const ahead = (instant: number) => Date.parse(`${clock.format(instant).replace(' ', 'T')}Z`) - instant
  const near = asUtc - ahead(asUtc)
  return new Date(asUtc - ahead(near)).toISOString()
}
