import { useState } from 'react'
import { useOrganization, useSession } from '../../app/session'
import type { GateFullFragment, MeasureGatesFragment, SubmissionRowFragment } from '../../gql/documents'
import { RetractSubmissionDocument, SubmitGateDocument } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { ActDialog } from '../../ui/Dialog'
import { day, dayOf, daysBetween, instant } from '../../ui/dates'
import { AreaField, text } from '../../ui/fields'
import { Glyph } from '../../ui/Glyph'
import { Icon } from '../../ui/Icon'
import { exact, readable } from '../../ui/numbers'
import { Avatar, Empty } from '../../ui/parts'
import { say } from '../../ui/toast'
import { permission } from '../../ui/Why'
import { word } from '../../ui/words'
import { gateButtons, votesOf } from './gate'
import { VoteForm } from './VoteForm'

type Measure = { id: string; name: string; revision: string }

type Criterion = GateFullFragment['readiness']['criteria'][number]

const CriterionList = ({ criteria, label }: { criteria: Criterion[]; label: string }) => (
  <ul className="crit" aria-label={label}>
    {criteria.map((one) => (
      <li key={one.code} className={one.met ? 'met' : 'un'}>
        <span className="g" aria-hidden="true">
          {one.met ? <Glyph name="done" /> : '!'}
        </span>
        <p>
          <span className="sr">{one.met ? 'Met: ' : 'Unmet: '}</span>
          {one.sentence}
        </p>
      </li>
    ))}
  </ul>
)

/** More met criteria than this are folded away: what is unmet, and the vote, stay in sight. */
const FEW = 8

function Criteria({ criteria }: { criteria: Criterion[] }) {
  const met = criteria.filter((one) => one.met)
  const unmet = criteria.filter((one) => !one.met)
  if (criteria.length === 0) return <Empty>This gate asks for nothing.</Empty>
  return (
    <>
      {unmet.length > 0 && <CriterionList criteria={unmet} label="Unmet criteria" />}
      {met.length > FEW ? (
        <details className="fold">
          <summary>
            <span className="ok">
              <Glyph name="done" />
            </span>{' '}
            {unmet.length > 0 ? `${met.length} criteria met` : `All ${met.length} criteria met`}
          </summary>
          <CriterionList criteria={met} label="Met criteria" />
        </details>
      ) : (
        met.length > 0 && <CriterionList criteria={met} label="Met criteria" />
      )}
    </>
  )
}

/** Who decides: before the submission who would, afterwards who has voted and who is waited for. */
function Votes({ gate }: { gate: GateFullFragment }) {
  const { person } = useSession()
  const { today, timeZone } = useOrganization()
  const submission = gate.submission
  const waited = submission ? Math.max(0, daysBetween(dayOf(submission.submittedAt, timeZone), today)) : 0
  return (
    <div className="sub2 votes">
      <h3>{submission ? 'Votes' : 'Decides, once submitted'}</h3>
      <ul>
        {votesOf(gate).map((vote) => (
          <li key={`${vote.role} ${vote.person?.id ?? ''}`}>
            <Avatar name={vote.person?.name ?? '?'} />
            <span>
              {vote.person?.name ?? (
                <span className="risk">
                  <Glyph name="risk" /> nobody holds this role here
                </span>
              )}
              <small>{vote.needed > 1 ? `${vote.roleWord}, ${vote.needed} votes needed` : vote.roleWord}</small>
            </span>
            {vote.outcome ? (
              <span className="s ok">
                <Glyph name="done" /> {word(vote.outcome)}
                {vote.at && `, ${day(dayOf(vote.at, timeZone), today)}`}
              </span>
            ) : (
              <span className={vote.person?.id === person.id ? 's you' : 's'}>
                {vote.person?.id === person.id ? 'you, ' : ''}
                {submission ? (waited > 0 ? `waiting, ${waited} d` : 'waiting since today') : 'not yet open'}
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

function SubmittedNote({ submission }: { submission: SubmissionRowFragment }) {
  const { timeZone } = useOrganization()
  return (
    <div className="sub2">
      <h3>Submitted</h3>
      <p>
        <span className="p">{submission.submittedBy.name}</span>{' '}
        <span className="k">
          on {instant(submission.submittedAt, timeZone)}, policy v{submission.policyVersion}
        </span>
      </p>
      {submission.comment && <p className="quote">{submission.comment}</p>}
      {submission.figures.length > 0 && (
        <dl className="kv">
          {submission.figures.map((figure) => (
            <div key={figure.name}>
              <dt>{figure.name}</dt>
              <dd>{readable(figure.value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}

function SubmitDialog({ gate, measure, onClose }: { gate: GateFullFragment; measure: Measure; onClose: () => void }) {
  const { act, busy, no } = useAct(SubmitGateDocument)
  const seen = useSeenRevision(measure.revision, no)
  const send = async (fields: FormData) => {
    if (
      !(await act({
        measure: measure.id,
        into: gate.into,
        comment: text(fields, 'comment'),
        expectedRevision: seen,
      }))
    )
      return
    say(`“${measure.name}” submitted into ${word(gate.into)}.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Submit into ${word(gate.into)}`}
      submit="Submit"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="The numbers of this moment are what the deciders vote on."
    >
      <AreaField label="What is asked, optional" name="comment" />
      {gate.readiness.freezes.length > 0 && (
        <p className="note">With GO it freezes: {gate.readiness.freezes.join('; ')}.</p>
      )}
    </ActDialog>
  )
}

function RetractDialog({ gate, name, onClose }: { gate: GateFullFragment; name: string; onClose: () => void }) {
  const { act, busy, no } = useAct(RetractSubmissionDocument)
  const send = async (fields: FormData) => {
    if (!(await act({ gate: gate.id, comment: text(fields, 'comment') }))) return
    say(`Submission of “${name}” retracted.`)
    onClose()
  }
  return (
    <ActDialog
      title="Retract the submission"
      submit="Retract"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="Votes given so far end with it."
    >
      <AreaField label="Why, optional" name="comment" />
    </ActDialog>
  )
}

/** Submit or retract; when neither may be pressed, why. */
function Buttons({ gate, measure }: { gate: GateFullFragment; measure: Measure }) {
  const [open, setOpen] = useState<'submit' | 'retract' | null>(null)
  const buttons = gateButtons(gate)
  const close = () => setOpen(null)
  return (
    <div className="gatebtn">
      {buttons.reason && (
        <p className="reason" id="why-gate">
          <Icon name="lock" />
          <span>{buttons.reason}</span>
        </p>
      )}
      <div className="acts">
        {buttons.retract !== 'hidden' && (
          <button
            type="button"
            className="btn"
            aria-disabled={buttons.retract === 'closed' || undefined}
            aria-describedby={buttons.retract === 'closed' ? 'why-gate' : undefined}
            onClick={() => buttons.retract === 'open' && setOpen('retract')}
          >
            Retract
          </button>
        )}
        {buttons.submit !== 'hidden' && (
          <button
            type="button"
            className="btn primary"
            aria-disabled={buttons.submit === 'closed' || undefined}
            aria-describedby={buttons.submit === 'closed' ? 'why-gate' : undefined}
            onClick={() => buttons.submit === 'open' && setOpen('submit')}
          >
            Submit into {word(gate.into)}
          </button>
        )}
      </div>
      {open === 'submit' && <SubmitDialog gate={gate} measure={measure} onClose={close} />}
      {open === 'retract' && <RetractDialog gate={gate} name={measure.name} onClose={close} />}
    </div>
  )
}

function History({ gates }: { gates: MeasureGatesFragment['gates'] }) {
  const { timeZone } = useOrganization()
  const ended = gates
    .flatMap((gate) => gate.history)
    .filter((one) => one.endedAt || one.retracted)
    .sort((one, other) => (one.submittedAt < other.submittedAt ? 1 : -1))
  if (ended.length === 0) return null
  return (
    <details className="sub2 hist">
      <summary>Earlier submissions, {ended.length}</summary>
      <ol>
        {ended.map((one) => (
          <li key={one.id}>
            <p>
              <b>
                {one.retracted ? 'Retracted' : one.outcome ? word(one.outcome) : 'Ended'}, into {word(one.into)}
              </b>{' '}
              <small className="k">{one.endedAt && instant(one.endedAt, timeZone)}</small>
            </p>
            <small className="k">submitted by {one.submittedBy.name}</small>
            {one.decisions.map((decision) => (
              <p key={decision.at + decision.by.id}>
                <small>
                  {decision.by.name}, {word(decision.as).toLowerCase()}: {word(decision.outcome)}
                  {decision.confirmed && `, confirmed ${exact(decision.confirmed)}`}
                  {decision.comment && <span className="quote">{decision.comment}</span>}
                </small>
              </p>
            ))}
          </li>
        ))}
      </ol>
    </details>
  )
}

/** The next gate: what it asks, who decides, what it freezes, and the buttons. */
export function GateCard({
  measure,
  gate,
  gates,
}: {
  measure: Measure
  gate: GateFullFragment | null
  gates: MeasureGatesFragment['gates']
}) {
  if (!gate)
    return (
      <section className="card o3" aria-label="Next gate">
        <header>
          <h2>Every gate is passed</h2>
        </header>
        <div className="pad">
          <p className="k">The controller has confirmed the value in the books; this measure is closed.</p>
        </div>
        <History gates={gates} />
      </section>
    )
  const criteria = gate.submission?.criteria.length ? gate.submission.criteria : gate.readiness.criteria
  const met = criteria.filter((one) => one.met).length
  const mayDecide = permission(gate.acts, 'decideGate')
  return (
    <section className="card o3" aria-label="Next gate">
      <header>
        <h2>Next gate: {word(gate.into)}</h2>
        <span className="grow" />
        <span className="unit">
          {met} of {criteria.length} met
        </span>
      </header>
      {gate.submission && mayDecide?.allowed && <VoteForm gate={gate} name={measure.name} />}
      {gate.submission && <SubmittedNote submission={gate.submission} />}
      <Criteria criteria={criteria} />
      <Votes gate={gate} />
      {gate.readiness.freezes.length > 0 && (
        <div className="sub2">
          <h3>Freezes with Go</h3>
          <ul className="freezes">
            {gate.readiness.freezes.map((one) => (
              <li key={one}>
                <Icon name="lock" />
                {one}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Buttons gate={gate} measure={measure} />
      <History gates={gates} />
    </section>
  )
}
