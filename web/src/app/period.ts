import { useSearch } from '@tanstack/react-router'
import { addMonths, monthName, monthYear } from '../ui/dates'
import { useOrganization } from './session'

/** A range of months, both ends included, and what it is called. */
export type Period = { from: string; to: string; label: string }

/** The fiscal year that holds a month; its name is the year it starts in, with the next when it spans two. */
export function fiscalYear(month: string, startsIn: number): Period {
  const year = Number(month.slice(0, 4)) - (Number(month.slice(5, 7)) < startsIn ? 1 : 0)
  const from = `${year}-${String(startsIn).padStart(2, '0')}`
  const label = startsIn === 1 ? `FY ${year}` : `FY ${year}/${String((year + 1) % 100).padStart(2, '0')}`
  return { from, to: addMonths(from, 11), label }
}

const quarters = (year: Period): Period[] =>
  [0, 3, 6, 9].map((offset) => ({
    from: addMonths(year.from, offset),
    to: addMonths(year.from, offset + 2),
    label: `Q${offset / 3 + 1} ${year.label.slice(3)}`,
  }))

/** What the chooser offers: three fiscal years, the quarters of the current one, and the year to date. */
export function periodsAround(today: string, startsIn: number): Period[] {
  const now = fiscalYear(today, startsIn)
  const before = fiscalYear(addMonths(now.from, -1), startsIn)
  const next = fiscalYear(addMonths(now.to, 1), startsIn)
  const toDate = { from: now.from, to: today.slice(0, 7), label: `${monthName(now.from)} to ${monthYear(today)}` }
  return [now, before, next, toDate, ...quarters(now)]
}

export function usePeriod(): Period {
  const { from, to } = useSearch({ strict: false }) as { from?: string; to?: string }
  const { today, fiscalYearStart } = useOrganization()
  const offered = periodsAround(today, fiscalYearStart)
  const whole = fiscalYear(from ?? today, fiscalYearStart)
  if (!from || !to) return offered[0] as Period
  return (
    [...offered, whole].find((one) => one.from === from && one.to === to) ?? {
      from,
      to,
      label: `${monthYear(from)} to ${monthYear(to)}`,
    }
  )
}
