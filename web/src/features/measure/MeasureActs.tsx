import { type ReactNode, useState } from 'react'
import { useOrganization } from '../../app/session'
import {
  AttachEvidenceDocument,
  CancelMeasureDocument,
  HoldMeasureDocument,
  type MeasureHeadFragment,
  ResumeMeasureDocument,
} from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { useUpload } from '../../gql/useUpload'
import { ActDialog } from '../../ui/Dialog'
import { addMonths } from '../../ui/dates'
import { AreaField, DateField, required, TextField, text } from '../../ui/fields'
import { typedDecimal } from '../../ui/numbers'
import { say } from '../../ui/toast'
import { ActButton } from '../../ui/Why'
import { NodeActs } from '../cascade/NodeActs'
import { DocumentFields } from '../milestones/MilestoneDialogs'

type Props = { measure: MeasureHeadFragment; onClose: () => void }

function HoldDialog({ measure, onClose }: Props) {
  const { today } = useOrganization()
  const { act, busy, no } = useAct(HoldMeasureDocument)
  const seen = useSeenRevision(measure.revision, no)
  const send = async (fields: FormData) => {
    if (
      !(await act({
        measure: measure.id,
        reviewOn: required(fields, 'reviewOn'),
        reason: required(fields, 'reason'),
        expectedRevision: seen,
      }))
    )
      return
    say(`“${measure.name}” is on hold.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Hold “${measure.name}”`}
      submit="Put on hold"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="It weighs nothing in the outlook while it is held."
    >
      <DateField label="Review on" name="reviewOn" required min={today} defaultValue={`${addMonths(today, 1)}-01`} />
      <AreaField label="Reason" name="reason" required />
    </ActDialog>
  )
}

function CancelDialog({ measure, onClose }: Props) {
  const { act, busy, no } = useAct(CancelMeasureDocument)
  const seen = useSeenRevision(measure.revision, no)
  const send = async (fields: FormData) => {
    if (!(await act({ measure: measure.id, reason: required(fields, 'reason'), expectedRevision: seen }))) return
    say(`“${measure.name}” is cancelled.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Cancel “${measure.name}”`}
      submit="Cancel the measure"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="Nothing is deleted: it stays visible in the waterfall."
    >
      <AreaField label="Reason" name="reason" required />
    </ActDialog>
  )
}

function ResumeDialog({ measure, onClose }: Props) {
  const { act, busy, no } = useAct(ResumeMeasureDocument)
  const seen = useSeenRevision(measure.revision, no)
  const send = async (fields: FormData) => {
    if (!(await act({ measure: measure.id, comment: text(fields, 'comment'), expectedRevision: seen }))) return
    say(`“${measure.name}” goes on.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Resume “${measure.name}”`}
      submit="Resume"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="It goes on at the stage it had."
    >
      <AreaField label="Comment, optional" name="comment" />
    </ActDialog>
  )
}

export function EvidenceDialog({ measure, onClose }: Props) {
  const { today } = useOrganization()
  const { act, busy, no } = useAct(AttachEvidenceDocument)
  const document = useUpload()
  const send = async (fields: FormData) => {
    const file = await document.upload(fields)
    if (file === undefined) return
    const reading = text(fields, 'reading')
    const evidence = {
      source: required(fields, 'source'),
      date: required(fields, 'date'),
      reading: reading && (typedDecimal(reading) ?? reading),
      url: text(fields, 'url'),
      note: text(fields, 'note'),
      file,
    }
    if (!(await act({ measure: measure.id, ...evidence }))) return
    say('Evidence attached.')
    onClose()
  }
  return (
    <ActDialog
      title="Attach evidence"
      submit="Attach"
      onClose={onClose}
      onSubmit={send}
      busy={busy || document.busy}
      no={document.no ?? no}
      note="A document, a link or a reading, with its source and date."
    >
      <TextField label="Source" name="source" required autoFocus placeholder="ERP extract, contract, photo…" />
      <div className="two">
        <DateField label="Date" name="date" required max={today} defaultValue={today} />
        <TextField label="Reading" name="reading" numeric />
      </div>
      <DocumentFields />
    </ActDialog>
  )
}

const DIALOGS = { hold: HoldDialog, cancel: CancelDialog, resume: ResumeDialog }

/** What one may do with a measure: hold, cancel and resume beside what every node offers. */
export function MeasureActs({ measure, children }: { measure: MeasureHeadFragment; children?: ReactNode }) {
  const [open, setOpen] = useState<keyof typeof DIALOGS | null>(null)
  const Chosen = open && DIALOGS[open]
  const held = measure.standing === 'ON_HOLD'
  return (
    <>
      <NodeActs
        node={measure}
        acts={measure.acts}
        more={[{ act: 'cancelMeasure', label: 'Cancel…', onChoose: () => setOpen('cancel') }]}
      >
        {children}
        <ActButton
          acts={measure.acts}
          act={held ? 'resumeMeasure' : 'holdMeasure'}
          onClick={() => setOpen(held ? 'resume' : 'hold')}
        >
          {held ? 'Resume' : 'Hold'}
        </ActButton>
      </NodeActs>
      {Chosen && <Chosen measure={measure} onClose={() => setOpen(null)} />}
    </>
  )
}
