import { monthYear } from '../../ui/dates'
import { plural } from '../../ui/numbers'

type Props = { months: { month: string; times: number }[] }

const HEIGHT = 20
const STEP = 7

/** How often something happened, month by month, as a row of small bars; read aloud as a sentence. */
export function MonthTimes({ months }: Props) {
  const most = Math.max(1, ...months.map((one) => one.times))
  const told = months.filter((one) => one.times > 0).map((one) => `${one.times} in ${monthYear(one.month)}`)
  const label = `By month: ${told.join(', ') || `none in ${plural(months.length, 'month')}`}`
  return (
    <svg className="monthly" width={months.length * STEP} height={HEIGHT} role="img" aria-label={label}>
      <title>{label}</title>
      {months.map(({ month, times }, index) => {
        const height = times ? Math.max(4, (times / most) * HEIGHT) : 1
        return (
          <rect
            key={month}
            className={times ? 'on' : ''}
            x={index * STEP}
            y={HEIGHT - height}
            width={STEP - 2}
            height={height}
          />
        )
      })}
    </svg>
  )
}
