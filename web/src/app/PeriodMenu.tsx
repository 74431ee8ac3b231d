import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { monthYear } from '../ui/dates'
import { required, TextField } from '../ui/fields'
import { Icon } from '../ui/Icon'
import { Pop } from '../ui/Pop'
import { type Period, periodsAround, usePeriod } from './period'
import { useOrganization } from './session'

/** Which months the figures are about. The choice is in the address; the default is the current fiscal year. */
export function PeriodMenu() {
  const navigate = useNavigate()
  const period = usePeriod()
  const { today, fiscalYearStart } = useOrganization()
  const offered = periodsAround(today, fiscalYearStart)
  const show = (months: { from?: string; to?: string }) =>
    void navigate({ to: '.', search: (before) => ({ ...before, ...months }) })
  const choose = (index: number) => {
    const chosen = offered[index]
    const months = index === 0 || !chosen ? { from: undefined, to: undefined } : { from: chosen.from, to: chosen.to }
    show(months)
  }
  return (
    <Pop
      className="btn quiet"
      popClass="left"
      label={
        <>
          <span className="k">Period</span> {period.label}
          <Icon name="down" />
        </>
      }
    >
      {(close) => (
        <>
          {offered.map((one, index) => (
            <button
              key={one.label}
              type="button"
              aria-pressed={one.from === period.from && one.to === period.to}
              className={one.from === period.from && one.to === period.to ? 'on' : undefined}
              onClick={() => {
                choose(index)
                close()
              }}
            >
              {one.label}
              <span className="grow" />
              <small className="k">
                {monthYear(one.from)} to {monthYear(one.to)}
              </small>
            </button>
          ))}
          <hr />
          <OtherMonths
            period={period}
            onChoose={(months) => {
              show(months)
              close()
            }}
          />
        </>
      )}
    </Pop>
  )
}

const MONTH = '[0-9]{4}-(0[1-9]|1[0-2])'

/** Any other range of months. */
function OtherMonths({
  period,
  onChoose,
}: {
  period: Period
  onChoose: (months: { from: string; to: string }) => void
}) {
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const [from = '', to = ''] = [required(fields, 'from'), required(fields, 'to')].sort()
    onChoose({ from, to })
  }
  return (
    <form className="months" onSubmit={send}>
      <TextField label="From" name="from" required pattern={MONTH} placeholder="2026-01" defaultValue={period.from} />
      <TextField label="To" name="to" required pattern={MONTH} placeholder="2026-12" defaultValue={period.to} />
      <button type="submit" className="btn">
        Show
      </button>
    </form>
  )
}
