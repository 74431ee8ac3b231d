import { useRef } from 'react'
import { useOrganization } from '../../app/session'
import {
  AddValueLineDocument,
  ConfirmValueDocument,
  EditValueLineDocument,
  RecordActualDocument,
  SetForecastDocument,
  SetPlanDocument,
  type ValueKind,
  type ValueLineFullFragment,
} from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { ActDialog } from '../../ui/Dialog'
import { monthYear } from '../../ui/dates'
import { CheckField, DateField, required, SelectField, TextField, text } from '../../ui/fields'
import { typedDecimal } from '../../ui/numbers'
import { say } from '../../ui/toast'
import { KINDS, word } from '../../ui/words'
import type { Series } from './months'

/** The act behind each series: named like its mutation, as the server names it in `acts`. */
export const SERIES_ACTS = {
  PLAN: { act: 'setPlan', verb: 'Plan', document: SetPlanDocument, key: 'plan' },
  FORECAST: { act: 'setForecast', verb: 'Forecast', document: SetForecastDocument, key: 'forecast' },
  ACTUAL: { act: 'recordActual', verb: 'Record actuals', document: RecordActualDocument, key: 'actual' },
  CONFIRMED: { act: 'confirmValue', verb: 'Confirm value', document: ConfirmValueDocument, key: 'confirmed' },
} as const

/** The months of one series. What one did not touch is not sent, so nobody else's month is overwritten. */
export function SeriesDialog({
  line,
  series,
  onClose,
}: {
  line: ValueLineFullFragment
  series: Series
  onClose: () => void
}) {
  const { document, key, verb } = SERIES_ACTS[series]
  const { act, busy, no } = useAct(document as typeof SetPlanDocument)
  const seen = useSeenRevision(line.revision, no)
  const opened = useRef(line).current
  const { openMonth } = useOrganization()
  const send = async (fields: FormData) => {
    const months = opened.months.flatMap((one) => {
      const typed = text(fields, one.month)
      const amount = typed === null ? null : (typedDecimal(typed) ?? typed)
      return amount === (one[key]?.amount ?? null) ? [] : [{ month: one.month, amount }]
    })
    if (months.length === 0) return onClose()
    if (!(await act({ line: line.id, months, expectedRevision: seen }))) return
    say(`${word(series)} of “${line.name}” saved.`)
    onClose()
  }
  return (
    <ActDialog
      title={`${verb}: ${line.name}`}
      submit="Save months"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      wide
      note="An empty month holds no amount."
    >
      <p className="k">
        {line.currency}, whole amounts. The open month is {monthYear(openMonth)}.
      </p>
      <div className="three keep">
        {opened.months.map((one, index) => (
          <TextField
            key={one.month}
            label={monthYear(one.month)}
            name={one.month}
            numeric
            defaultValue={one[key]?.amount ?? ''}
            autoFocus={index === 0}
            placeholder={series === 'PLAN' ? '' : `plan ${one.plan?.amount ?? '·'}`}
          />
        ))}
      </div>
    </ActDialog>
  )
}

/** A new value line, or the name and baseline of one that stands. */
export function LineDialog({
  initiative,
  line,
  onClose,
}: {
  initiative: string
  line?: ValueLineFullFragment
  onClose: () => void
}) {
  const { reportingCurrency } = useOrganization()
  const adding = useAct(AddValueLineDocument)
  const editing = useAct(EditValueLineDocument)
  const { busy, no } = line ? editing : adding
  const seen = useSeenRevision(line?.revision ?? '', no)
  const send = async (fields: FormData) => {
    const typed = text(fields, 'baseline')
    const common = {
      name: required(fields, 'name'),
      baseline: typed && (typedDecimal(typed) ?? typed),
      baselineSource: text(fields, 'baselineSource'),
      baselineDate: text(fields, 'baselineDate'),
    }
    const done = line
      ? await editing.act({ line: line.id, ...common, expectedRevision: seen })
      : await adding.act({
          initiative,
          ...common,
          kind: required(fields, 'kind') as ValueKind,
          recurring: fields.has('recurring'),
          currency: required(fields, 'currency'),
        })
    if (!done) return
    say(`Value line “${common.name}” saved.`)
    onClose()
  }
  return (
    <ActDialog
      title={line ? `Edit “${line.name}”` : 'New value line'}
      submit={line ? 'Save' : 'Add value line'}
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="The baseline freezes with the gate into Detailed."
    >
      <TextField label="Name" name="name" required defaultValue={line?.name} autoFocus />
      {!line && (
        <div className="two">
          <SelectField label="Kind" name="kind" choices={KINDS.map((kind) => ({ value: kind, label: word(kind) }))} />
          <TextField label="Currency" name="currency" required defaultValue={reportingCurrency} maxLength={3} />
        </div>
      )}
      {!line && <CheckField label="Recurring, so it has a run-rate" name="recurring" defaultChecked />}
      <div className="three">
        <TextField label="Baseline" name="baseline" numeric defaultValue={line?.baseline?.amount ?? ''} />
        <TextField label="Its source" name="baselineSource" defaultValue={line?.baselineSource ?? ''} />
        <DateField label="Its date" name="baselineDate" defaultValue={line?.baselineDate ?? ''} />
      </div>
    </ActDialog>
  )
}
