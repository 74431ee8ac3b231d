import { useState } from 'react'
import type { GateFullFragment } from '../../gql/documents'
import { RetractSubmissionDocument, SubmitGateDocument } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { ActDialog } from '../../ui/Dialog'
import { AreaField, text } from '../../ui/fields'
import { Icon } from '../../ui/Icon'
import { say } from '../../ui/toast'
import { word } from '../../ui/words'
import { gateButtons } from './gate'

export type Measure = { id: string; name: string; revision: string }

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
export function GateButtons({ gate, measure }: { gate: GateFullFragment; measure: Measure }) {
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
