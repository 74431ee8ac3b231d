import { useState } from 'react'
import { useOrganization } from '../../app/session'
import {
  AddIndicatorDocument,
  type Direction,
  type IndicatorFigure,
  type IndicatorRowFragment,
  RecordIndicatorDocument,
} from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { ActDialog } from '../../ui/Dialog'
import { AreaField, CheckField, DateField, required, SelectField, TextField, text } from '../../ui/fields'
import { typedDecimal } from '../../ui/numbers'
import { say } from '../../ui/toast'
import { word } from '../../ui/words'

const DIRECTIONS: { value: Direction; label: string }[] = [
  { value: 'INCREASE', label: 'More is better: from start up to target' },
  { value: 'DECREASE', label: 'Less is better: from start down to target' },
  { value: 'AT_LEAST', label: 'A bound to keep: never below the target' },
  { value: 'AT_MOST', label: 'A bound to keep: never above the target' },
  { value: 'MILESTONE', label: 'A step to be reached by the target date' },
]
const FIGURES: IndicatorFigure[] = [
  'HEADLINE_OUTLOOK',
  'HEADLINE_ACTUAL',
  'HEADLINE_CONFIRMED',
  'REVENUE_OUTLOOK',
  'REVENUE_ACTUAL',
  'REVENUE_CONFIRMED',
  'SALES_WON',
]
const BY_HAND = ''

/** A number as it was typed; what is none goes on as it is, and the server says what is wrong with it. */
const number = (fields: FormData, name: string): string | null => {
  const typed = text(fields, name)
  return typed && (typedDecimal(typed) ?? typed)
}

export function AddIndicatorDialog({ under, onClose }: { under: string; onClose: () => void }) {
  const { act, busy, no } = useAct(AddIndicatorDocument)
  const [figure, setFigure] = useState(BY_HAND)
  const send = async (fields: FormData) => {
    const name = required(fields, 'name')
    const input = {
      under,
      name,
      description: text(fields, 'description'),
      direction: required(fields, 'direction') as Direction,
      unit: text(fields, 'unit'),
      start: number(fields, 'start'),
      startDate: text(fields, 'startDate'),
      target: number(fields, 'target'),
      targetDate: text(fields, 'targetDate'),
      source: figure === BY_HAND ? ('HAND' as const) : ('ROLL_UP' as const),
      figure: figure === BY_HAND ? null : (figure as IndicatorFigure),
      decides: fields.has('decides'),
    }
    if (!(await act(input))) return
    say(`“${name}” added.`)
    onClose()
  }
  return (
    <ActDialog
      title="Add an indicator"
      submit="Add indicator"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      wide
    >
      <TextField label="Name" name="name" required autoFocus />
      <AreaField label="Description" name="description" />
      <div className="two">
        <SelectField label="Which way is good" name="direction" choices={DIRECTIONS} />
        <SelectField
          label="Readings"
          name="figure"
          value={figure}
          onChange={setFigure}
          choices={[
            { value: BY_HAND, label: 'Recorded by people' },
            ...FIGURES.map((value) => ({ value, label: `Read from the roll-up: ${word(value).toLowerCase()}` })),
          ]}
        />
        <TextField label="Start" name="start" numeric />
        <DateField label="Started on" name="startDate" />
        <TextField label="Target" name="target" numeric />
        <DateField label="Target by" name="targetDate" />
        {figure === BY_HAND && <TextField label="Unit" name="unit" hint="For example %, days or EUR" />}
      </div>
      <CheckField label="The verdict on the hypothesis rests on it" name="decides" />
    </ActDialog>
  )
}

export function ReadingDialog({ indicator, onClose }: { indicator: IndicatorRowFragment; onClose: () => void }) {
  const { act, busy, no } = useAct(RecordIndicatorDocument)
  const seen = useSeenRevision(indicator.revision, no)
  const { today } = useOrganization()
  const send = async (fields: FormData) => {
    const input = {
      indicator: indicator.id,
      date: required(fields, 'date'),
      actual: number(fields, 'actual'),
      note: text(fields, 'note'),
    }
    if (!(await act({ ...input, expectedRevision: seen }))) return
    say(`Reading of “${indicator.name}” recorded.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Record a reading: ${indicator.name}`}
      submit="Record reading"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="An empty reading takes back what was recorded for that day."
    >
      <div className="two">
        <TextField label={`Reading${indicator.unit ? `, ${indicator.unit}` : ''}`} name="actual" numeric autoFocus />
        <DateField label="Of which day" name="date" defaultValue={today} max={today} required />
      </div>
      <TextField label="Note" name="note" />
    </ActDialog>
  )
}
