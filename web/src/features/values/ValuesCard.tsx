import { useState } from 'react'
import { useOrganization } from '../../app/session'
import type { ValueLineFullFragment } from '../../gql/documents'
import { day, monthYear } from '../../ui/dates'
import { Icon } from '../../ui/Icon'
import { MonthChart } from '../../ui/MonthChart'
import { compact, exact, type Scale, scaleFor, signed, unitOf } from '../../ui/numbers'
import { Empty, Pulse } from '../../ui/parts'
import { ActButton, ActMenu, type Permission } from '../../ui/Why'
import { word } from '../../ui/words'
import { MonthTables } from './MonthTables'
import { type MonthRow, type Series, seriesSum } from './months'
import { LineDialog, SERIES_ACTS, SeriesDialog } from './ValueDialogs'

/** Which series may be written now: all four are listed, those that are closed say why. */
const EditMenu = ({ line, onChoose }: { line: ValueLineFullFragment; onChoose: (series: Series) => void }) => (
  <ActMenu
    acts={line.acts}
    className="btn small"
    label={
      <>
        Edit months
        <Icon name="down" />
      </>
    }
    items={(Object.keys(SERIES_ACTS) as Series[]).map((series) => ({
      act: SERIES_ACTS[series].act,
      label: SERIES_ACTS[series].verb,
      onChoose: () => onChoose(series),
    }))}
  />
)

type Props = {
  lines: readonly ValueLineFullFragment[]
  measure: { id: string; acts: readonly Permission[] }
  chosen: string | undefined
  onChoose: (line: string) => void
  period: string
}

type Dialogs = { kind: 'series'; series: Series } | { kind: 'add' } | { kind: 'edit' } | null

export function ValuesCard({ lines, measure, chosen, onChoose, period }: Props) {
  const { openMonth, today, policy } = useOrganization()
  const [dialog, setDialog] = useState<Dialogs>(null)
  // The first thing to see is a line that counts in the headline figures.
  const counted = lines.find((one) => policy.headlineKinds.includes(one.kind))
  const line = lines.find((one) => one.id === chosen) ?? counted ?? lines[0]
  const addButton = (
    <ActButton acts={measure.acts} act="addValueLine" className="btn small" onClick={() => setDialog({ kind: 'add' })}>
      <Icon name="plus" />
      Value line
    </ActButton>
  )
  const adding = dialog?.kind === 'add' && <LineDialog initiative={measure.id} onClose={() => setDialog(null)} />
  if (!line)
    return (
      <section className="card o4" aria-label="Value by month">
        <header>
          <h2>Value by month</h2>
        </header>
        <Empty action={addButton}>
          There is no value line yet. The business case begins with one: its kind, and its baseline with source and
          date.
        </Empty>
        {adding}
      </section>
    )
  const months: MonthRow[] = line.months.map((one) => {
    const read = (money: { amount: string } | null) => (money ? Number(money.amount) : null)
    return {
      month: one.month,
      plan: read(one.plan),
      forecast: read(one.forecast),
      actual: read(one.actual),
      confirmed: read(one.confirmed),
      outlook: read(one.outlook),
    }
  })
  const scale = scaleFor(months.flatMap((one) => [one.plan, one.outlook].map((value) => (value ?? 0) * 1)))
  const tableScale: Scale = scale.prefix === 'M' ? { divisor: 1e3, prefix: 'k' } : scale
  const unit = unitOf(tableScale, line.currency)
  const costs = line.kind === 'ONE_OFF_COST' || line.kind === 'CAPEX' || line.kind === 'RUN_COST'
  const plan = seriesSum(months, 'plan')
  const outlook = seriesSum(months, 'outlook')
  const gap = plan === null && outlook === null ? null : (outlook ?? 0) - (plan ?? 0)
  const kpis: [string, number | null, boolean?][] = [
    ['Plan', plan],
    ['Outlook', outlook],
    ['Gap', gap, true],
    ['Actual', seriesSum(months, 'actual')],
    ['Confirmed', seriesSum(months, 'confirmed')],
  ]
  return (
    <section className="card o4" aria-label="Value by month">
      <header className="wrap">
        <h2>Value by month</h2>
        <span className="unit">{unit}</span>
        <span className="grow" />
        <div className="seg" role="group" aria-label="Value line">
          {lines.map((one) => (
            <button
              key={one.id}
              type="button"
              aria-pressed={one.id === line.id}
              title={`${word(one.kind)}, ${one.recurring ? 'recurring' : 'one-off'}`}
              onClick={() => onChoose(one.id)}
            >
              {one.name}
            </button>
          ))}
        </div>
      </header>
      <div className="kpirow">
        <dl className="kpis">
          {kpis.map(([name, value, variance]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className={variance && value && !costs ? (value < 0 ? 'worse' : 'better') : undefined}>
                <Pulse of={String(value)}>{variance ? signed(value, tableScale) : compact(value, tableScale)}</Pulse>
              </dd>
            </div>
          ))}
        </dl>
        <span className="grow" />
        <div className="acts">
          <EditMenu line={line} onChoose={(series) => setDialog({ kind: 'series', series })} />
          <ActButton
            acts={line.acts}
            act="editValueLine"
            className="btn small"
            onClick={() => setDialog({ kind: 'edit' })}
          >
            Edit line
          </ActButton>
          {addButton}
        </div>
      </div>
      <div className="pad">
        <MonthChart
          columns={months.map((one) => ({
            month: one.month,
            plan: one.plan,
            solid: one.actual,
            hatched: one.actual === null ? one.forecast : null,
          }))}
          scale={tableScale}
          current={openMonth}
          label={`${line.name} by month, ${unit}: plan, actual and forecast. The same numbers are in the table below.`}
        />
      </div>
      <div className="pad foot">
        <span className="leg">
          <span>
            <i className="k-act" />
            Actual
          </span>
          <span>
            <i className="k-fc" />
            Forecast
          </span>
          <span>
            <i className="k-plan" />
            Plan
          </span>
        </span>
        <span className="note">
          {word(line.kind)}, {line.recurring ? 'recurring' : 'one-off'}
          {line.baseline && `; baseline ${exact(line.baseline)}`}
          {line.baselineSource && `, ${line.baselineSource}`}
          {line.baselineDate && `, ${day(line.baselineDate, today)}`}; open month {monthYear(openMonth)}
        </span>
      </div>
      <MonthTables months={months} scale={tableScale} unit={unit} label={period} costs={costs} />
      {dialog?.kind === 'series' && <SeriesDialog line={line} series={dialog.series} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'edit' && <LineDialog initiative={measure.id} line={line} onClose={() => setDialog(null)} />}
      {adding}
    </section>
  )
}
