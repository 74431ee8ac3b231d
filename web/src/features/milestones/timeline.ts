/** The axis of a milestone timeline: whole quarters around every date on it and today. */
import { addMonths, monthName, share } from '../../ui/dates'

export type Axis = {
  from: string
  to: string
  quarters: { at: number; label: string; middle: number }[]
  today: number
}

const quarterStart = (month: string): string => addMonths(month, -((Number(month.slice(5, 7)) - 1) % 3))

/** Quarters are thinned to at most this many labels, so that they never run into each other. */
const MOST_LABELS = 8

export function axisOf(dates: readonly string[], today: string): Axis {
  const all = [...dates, today].map((date) => date.slice(0, 7)).sort()
  const first = quarterStart(all[0] ?? today.slice(0, 7))
  const last = quarterStart(all.at(-1) ?? first)
  const from = `${first}-01`
  const to = `${addMonths(last, 3)}-01`
  const starts: string[] = []
  for (let at = first; at <= last; at = addMonths(at, 3)) starts.push(at)
  const every = Math.ceil(starts.length / MOST_LABELS)
  const years = starts.length > 4
  const quarters = starts.map((start, index) => {
    const middle = addMonths(start, 1)
    const label = index % every === 0 ? monthName(middle) + (years ? ` ${middle.slice(2, 4)}` : '') : ''
    return { at: share(`${start}-01`, from, to) * 100, middle: share(`${middle}-15`, from, to) * 100, label }
  })
  return { from, to, quarters: [...quarters, { at: 100, middle: 100, label: '' }], today: share(today, from, to) * 100 }
}

export const place = (axis: Axis, date: string): number => share(date, axis.from, axis.to) * 100

const OPEN = ['PLANNED', 'DUE', 'LATE']
const NEVER = '9999-12-31'

/** When the next open milestone is due; far off where none is open. */
export const nextDue = (milestones: readonly { due: string; state: string }[]): string =>
  milestones
    .filter((each) => OPEN.includes(each.state))
    .map((each) => each.due)
    .sort()[0] ?? NEVER
