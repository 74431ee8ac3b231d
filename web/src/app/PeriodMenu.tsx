import { useNavigate } from '@tanstack/react-router'
import { monthYear } from '../ui/dates'
import { Icon } from '../ui/Icon'
import { Pop } from '../ui/Pop'
import { periodsAround, usePeriod } from './period'
import { useOrganization } from './session'

/** Which months the figures are about. The choice is in the address; the default is the current fiscal year. */
export function PeriodMenu() {
  const navigate = useNavigate()
  const period = usePeriod()
  const { today, fiscalYearStart } = useOrganization()
  const offered = periodsAround(today, fiscalYearStart)
  const choose = (index: number) => {
    const chosen = offered[index]
    const months = index === 0 || !chosen ? { from: undefined, to: undefined } : { from: chosen.from, to: chosen.to }
    void navigate({ to: '.', search: (before) => ({ ...before, ...months }) })
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
      {(close) =>
        offered.map((one, index) => (
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
        ))
      }
    </Pop>
  )
}
