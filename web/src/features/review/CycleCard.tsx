import { useState } from 'react'
import { useOrganization } from '../../app/session'
import { CloseCycleDocument, type CycleFragment, type CycleState, type MissingFragment } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { ActDialog } from '../../ui/Dialog'
import { day } from '../../ui/dates'
import { plural, scaleFor, unitOf } from '../../ui/numbers'
import { Amount, Status } from '../../ui/parts'
import { say } from '../../ui/toast'
import { ActButton } from '../../ui/Why'
import type { Tone } from '../../ui/words'
import { Packs } from './Packs'

export const stateTone: Record<CycleState, Tone> = { OPEN: 'ok', DUE: 'risk', OVERDUE: 'off', CLOSED: 'none' }
export const stateWord: Record<CycleState, string> = {
  OPEN: 'Open',
  DUE: 'Input is due',
  OVERDUE: 'Overdue',
  CLOSED: 'Closed',
}

const A_DAY = 86_400_000

/** "9 days left", "due today", "3 days over": the countdown of a review. */
export function countdown(due: string, today: string): string {
  const days = Math.round((Date.parse(due) - Date.parse(today)) / A_DAY)
  if (days === 0) return 'due today'
  return days > 0 ? `${plural(days, 'day')} left` : `${plural(-days, 'day')} over`
}

function CloseDialog({ cycle, owed, onClose }: { cycle: CycleFragment; owed: number; onClose: () => void }) {
  const { act, busy, no } = useAct(CloseCycleDocument)
  const seen = useSeenRevision(cycle.revision, no)
  const send = async () => {
    if (!(await act({ cycle: cycle.id, expectedRevision: seen }))) return
    say(`Review ${cycle.number} is closed, and the next one is open.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Close review ${cycle.number}`}
      submit="Close the review"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
    >
      <p>
        Closing locks the actuals of the months that are over, keeps every figure as it stands now, returns all lights
        to grey and opens the next review. A locked actual changes by a controller’s recorded correction only.
      </p>
      {owed > 0 && (
        <p>
          <Status tone="risk">{plural(owed, 'input')} missing</Status> It stays on record as missing in this review.
        </p>
      )}
    </ActDialog>
  )
}

/** The open review: until when, its figures, and the way to close it. */
export function CycleCard({ cycle, id }: { cycle: CycleFragment & MissingFragment; id: string }) {
  const { today, reportingCurrency } = useOrganization()
  const [closing, setClosing] = useState(false)
  const owed = cycle.missing.reduce((sum, one) => sum + one.items.length, 0)
  const { plan, outlook, actual, confirmed, gap } = cycle.figures
  const scale = scaleFor([plan.value?.amount, outlook.value?.amount])
  return (
    <section className="card" aria-label="The open review">
      <header>
        <h2>Review {cycle.number}</h2>
        <Status tone={stateTone[cycle.state]}>{stateWord[cycle.state]}</Status>
        <span className="grow" />
        <ActButton acts={cycle.acts} act="closeCycle" className="btn primary" onClick={() => setClosing(true)}>
          Close the review
        </ActButton>
      </header>
      <dl className="cyc">
        <div>
          <dt>Period</dt>
          <dd>
            {day(cycle.starts, today)} to {day(cycle.ends, today)}
          </dd>
        </div>
        <div>
          <dt>Input due</dt>
          <dd>
            {day(cycle.due, today)}, {countdown(cycle.due, today)}
          </dd>
        </div>
        <div>
          <dt>Missing</dt>
          <dd>
            {owed === 0 ? 'nothing' : `${plural(owed, 'input')} of ${plural(cycle.missing.length, 'person', 'people')}`}
          </dd>
        </div>
        {(
          [
            ['Plan', plan],
            ['Outlook', outlook],
            ['Actual', actual],
            ['Confirmed', confirmed],
          ] as const
        ).map(([name, figure]) => (
          <div key={name}>
            <dt>
              {name}, {unitOf(scale, reportingCurrency)}
            </dt>
            <dd className="num">
              <Amount money={figure.value} scale={scale} />
            </dd>
          </div>
        ))}
        <div>
          <dt>Gap, {unitOf(scale, reportingCurrency)}</dt>
          <dd className="num">
            <Amount money={gap.value} scale={scale} variance />
          </dd>
        </div>
      </dl>
      <footer>
        <span className="note">Board pack as it stands now</span> <Packs id={id} />
      </footer>
      {closing && <CloseDialog cycle={cycle} owed={owed} onClose={() => setClosing(false)} />}
    </section>
  )
}
