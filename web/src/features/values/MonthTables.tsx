import { monthName } from '../../ui/dates'
import { compact, NONE, type Scale, signed } from '../../ui/numbers'
import { Pulse, Scroll } from '../../ui/parts'
import { word } from '../../ui/words'
import { type MonthRow, type Series, seriesSum, varianceOf } from './months'

const ROWS: { series: Series; key: 'plan' | 'actual' | 'forecast' | 'confirmed' }[] = [
  { series: 'PLAN', key: 'plan' },
  { series: 'ACTUAL', key: 'actual' },
  { series: 'FORECAST', key: 'forecast' },
  { series: 'CONFIRMED', key: 'confirmed' },
]

const Cell = ({
  value,
  scale,
  variance,
  bold,
}: {
  value: number | null
  scale: Scale
  variance?: boolean
  bold?: boolean
}) => {
  const shown = variance ? signed(value, scale) : compact(value, scale)
  const tone = variance && value ? (value < 0 ? 'worse' : 'better') : shown === NONE ? 'dim' : undefined
  return (
    <td>
      <Pulse of={shown} className={`${tone ?? ''} ${bold ? 'p' : ''}`}>
        {shown}
      </Pulse>
    </td>
  )
}

/** The same numbers as the chart: months across on a screen, down on a phone. */
export function MonthTables({
  months,
  scale,
  unit,
  label,
  costs,
}: {
  months: MonthRow[]
  scale: Scale
  unit: string
  label: string
  costs: boolean
}) {
  const rows = ROWS.filter((row) => row.series === 'PLAN' || months.some((month) => month[row.key] !== null))
  const difference = months.map(varianceOf)
  const all = difference.some((one) => one !== null)
    ? difference.reduce<number>((sum, one) => sum + (one ?? 0), 0)
    : null
  return (
    <>
      <Scroll label={`${label} by month`} className="no-ph">
        <table className="tb mt">
          <thead>
            <tr>
              <th className="l" scope="col">
                {unit}
              </th>
              {months.map((month) => (
                <th key={month.month} scope="col">
                  {monthName(month.month)}
                </th>
              ))}
              <th scope="col" className="colt">
                {label}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <th scope="row">{word(row.series)}</th>
                {months.map((month) => (
                  <Cell key={month.month} value={month[row.key]} scale={scale} />
                ))}
                <Cell value={seriesSum(months, row.key)} scale={scale} bold />
              </tr>
            ))}
            <tr className="tot">
              <th scope="row">Outlook − plan</th>
              {difference.map((value, index) => (
                <Cell key={months[index]?.month} value={value} scale={scale} variance={!costs} />
              ))}
              <Cell value={all} scale={scale} variance={!costs} bold />
            </tr>
          </tbody>
        </table>
      </Scroll>
      <table className="tb only-ph-table">
        <thead>
          <tr>
            <th className="l" scope="col">
              {unit}
            </th>
            <th scope="col">Plan</th>
            <th scope="col">Actual</th>
            <th scope="col">Forecast</th>
            <th scope="col">Gap</th>
          </tr>
        </thead>
        <tbody>
          {months.map((month) => (
            <tr key={month.month}>
              <th scope="row">{monthName(month.month)}</th>
              <Cell value={month.plan} scale={scale} />
              <Cell value={month.actual} scale={scale} />
              <Cell value={month.forecast} scale={scale} />
              <Cell value={varianceOf(month)} scale={scale} variance={!costs} />
            </tr>
          ))}
          <tr className="tot">
            <th scope="row">{label}</th>
            <Cell value={seriesSum(months, 'plan')} scale={scale} />
            <Cell value={seriesSum(months, 'actual')} scale={scale} />
            <Cell value={seriesSum(months, 'forecast')} scale={scale} />
            <Cell value={all} scale={scale} variance={!costs} />
          </tr>
        </tbody>
      </table>
    </>
  )
}
