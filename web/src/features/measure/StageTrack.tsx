import { useOrganization } from '../../app/session'
import type { MeasureGatesFragment, MeasureHeadFragment, Stage } from '../../gql/documents'
import { day, dayOf } from '../../ui/dates'
import { Glyph } from '../../ui/Glyph'
import { STAGES, stageNumber, word } from '../../ui/words'

type Measure = MeasureHeadFragment & MeasureGatesFragment

/** The day a measure came to a stage: the day the gate into it was passed. */
function passedOn(measure: Measure, stage: Stage, timeZone: string): string | null {
  if (stage === measure.stage && measure.stagedOn) return dayOf(measure.stagedOn, timeZone)
  const gate = measure.gates.find((one) => one.into === stage)
  const passed = gate?.history.findLast((submission) => submission.outcome === 'GO' && submission.endedAt)
  return passed?.endedAt ? dayOf(passed.endedAt, timeZone) : null
}

type Note = { tone: 'risk' | 'ok'; text: string }

function nextNote(measure: Measure): Note | null {
  const gate = measure.nextGate
  if (!gate) return null
  if (gate.submission) return { tone: 'risk', text: 'gate open, waits for votes' }
  const unmet = gate.readiness.criteria.filter((one) => !one.met).length
  const all = gate.readiness.criteria.length
  return unmet > 0 ? { tone: 'risk', text: `${unmet} of ${all} unmet` } : { tone: 'ok', text: 'ready to submit' }
}

const NextNote = ({ note }: { note: Note }) => (
  <span className={note.tone}>
    <Glyph name={note.tone === 'ok' ? 'done' : 'risk'} /> {note.text}
  </span>
)

export function StageTrack({ measure }: { measure: Measure }) {
  const { today, timeZone } = useOrganization()
  const at = stageNumber(measure.stage)
  const note = nextNote(measure)
  const since = passedOn(measure, measure.stage, timeZone)
  const next = STAGES[at + 1]
  return (
    <section className="card o1" aria-label="Stage">
      <ol className="track">
        {STAGES.map((stage, number) => {
          const date = passedOn(measure, stage, timeZone)
          const state =
            number < at
              ? 'done'
              : number === at
                ? 'cur'
                : number === at + 1 && measure.standing === 'ACTIVE'
                  ? 'next'
                  : ''
          return (
            <li key={stage} className={state} aria-current={number === at ? 'step' : undefined}>
              <span className="d">{number}</span>
              <b>{word(stage)}</b>
              {state === 'next' && note ? (
                <small>
                  <NextNote note={note} />
                </small>
              ) : (
                <small>{number <= at && date ? `${number === at ? 'since ' : ''}${day(date, today)}` : ' '}</small>
              )}
            </li>
          )
        })}
      </ol>
      <p className="trackcap only-ph">
        <b>
          {at} {word(measure.stage)}
        </b>{' '}
        {since && <span className="k">since {day(since, today)}. </span>}
        {next && note && (
          <>
            <span className="k">Next gate:</span> {word(next)}, <NextNote note={note} />
          </>
        )}
      </p>
    </section>
  )
}
