import type { ReactNode } from 'react'
import { useOrganization } from '../../app/session'
import {
  AchieveMilestoneDocument,
  AddMilestoneDocument,
  CancelMilestoneDocument,
  EditMilestoneDocument,
  type MeasureType,
  type MilestoneFullFragment,
  RecordReadingDocument,
  VerifyMilestoneDocument,
} from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { useUpload } from '../../gql/useUpload'
import { ActDialog } from '../../ui/Dialog'
import { day } from '../../ui/dates'
import { AreaField, CheckField, DateField, required, SelectField, TextField, text } from '../../ui/fields'
import { digits, typedDecimal } from '../../ui/numbers'
import { say } from '../../ui/toast'
import { word } from '../../ui/words'
import { PersonField } from '../people/PersonField'
import { EvidenceList } from './EvidenceList'

export type DialogKind = 'achieve' | 'verify' | 'reading' | 'edit' | 'cancel' | 'add'
type Props = { milestone: MilestoneFullFragment; onClose: () => void }

const TYPES: MeasureType[] = ['OUTCOME', 'OUTPUT', 'ACTIVITY']
const decimal = (fields: FormData, name: string): string | null => {
  const typed = text(fields, name)
  return typed && (typedDecimal(typed) ?? typed)
}

function targetNote(milestone: MilestoneFullFragment): ReactNode {
  if (!milestone.target) return 'A document with its source and date.'
  return `The target is ${digits(milestone.target)} ${milestone.unit ?? ''}. A reading that reaches it, or a document, counts as evidence.`
}

/** The document itself, or where it is. */
export const DocumentFields = () => (
  <>
    <TextField label="Document" name="document" type="file" hint="Kept with its hash in the ledger." />
    <TextField label="Link to the document" name="url" type="url" placeholder="https://" />
    <AreaField label="Note" name="note" />
  </>
)

/** Where a reading or a document comes from: every piece of evidence has a source and a date. */
function SourceFields() {
  const { today } = useOrganization()
  return (
    <>
      <div className="two">
        <TextField label="Source" name="source" required placeholder="ERP, field service report…" />
        <DateField label="Date" name="date" required max={today} defaultValue={today} />
      </div>
      <DocumentFields />
    </>
  )
}

const evidenceOf = (fields: FormData) => ({
  source: required(fields, 'source'),
  date: required(fields, 'date'),
  url: text(fields, 'url'),
  note: text(fields, 'note'),
})

function AchieveDialog({ milestone, onClose }: Props) {
  const { act, busy, no } = useAct(AchieveMilestoneDocument)
  const seen = useSeenRevision(milestone.revision, no)
  const document = useUpload()
  const send = async (fields: FormData) => {
    const file = await document.upload(fields)
    if (file === undefined) return
    const evidence = { reading: decimal(fields, 'reading'), ...evidenceOf(fields), file }
    if (!(await act({ milestone: milestone.id, ...evidence, expectedRevision: seen }))) return
    say(`“${milestone.name}” achieved.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Achieve “${milestone.name}”`}
      submit="Achieve with this evidence"
      onClose={onClose}
      onSubmit={send}
      busy={busy || document.busy}
      no={document.no ?? no}
      note={milestone.critical ? 'It is critical: somebody else verifies it.' : undefined}
    >
      <p className="k">{targetNote(milestone)}</p>
      <TextField
        label={`Reading${milestone.unit ? `, ${milestone.unit}` : ''}`}
        name="reading"
        numeric
        autoFocus
        hint={milestone.actual ? `last reading ${digits(milestone.actual)}` : undefined}
      />
      <SourceFields />
    </ActDialog>
  )
}

function ReadingDialog({ milestone, onClose }: Props) {
  const { act, busy, no } = useAct(RecordReadingDocument)
  const document = useUpload()
  const send = async (fields: FormData) => {
    const file = await document.upload(fields)
    if (file === undefined) return
    const evidence = { reading: decimal(fields, 'reading') ?? '', ...evidenceOf(fields), file }
    if (!(await act({ milestone: milestone.id, ...evidence }))) return
    say(`Reading of “${milestone.name}” recorded.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Read “${milestone.name}”`}
      submit="Record the reading"
      onClose={onClose}
      onSubmit={send}
      busy={busy || document.busy}
      no={document.no ?? no}
    >
      <TextField
        label={`Reading${milestone.unit ? `, ${milestone.unit}` : ''}`}
        name="reading"
        numeric
        required
        autoFocus
        hint={milestone.target ? `target ${digits(milestone.target)}` : undefined}
      />
      <SourceFields />
    </ActDialog>
  )
}

function VerifyDialog({ milestone, onClose }: Props) {
  const { act, busy, no } = useAct(VerifyMilestoneDocument)
  const { today } = useOrganization()
  const send = async (fields: FormData) => {
    if (!(await act({ milestone: milestone.id, comment: text(fields, 'comment') }))) return
    say(`“${milestone.name}” verified.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Verify “${milestone.name}”`}
      submit="Verify"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
    >
      <p>
        {milestone.achievedBy?.name ?? 'Somebody'} reported it achieved
        {milestone.achievedOn && ` on ${day(milestone.achievedOn, today)}`}. You confirm that this evidence shows it:
      </p>
      <EvidenceList evidence={milestone.evidence} />
      <AreaField label="Comment, optional" name="comment" />
    </ActDialog>
  )
}

function MilestoneFields({ milestone }: { milestone?: MilestoneFullFragment }) {
  return (
    <>
      <TextField label="Name" name="name" required defaultValue={milestone?.name} autoFocus />
      <div className="two">
        <DateField label="Due" name="due" required defaultValue={milestone?.due} />
        <PersonField label="Assignee" name="assignee" person={milestone?.assignee} />
      </div>
      <div className="two">
        <SelectField
          label="What it measures"
          name="measureType"
          defaultValue={milestone?.measureType}
          choices={TYPES.map((type) => ({ value: type, label: word(type) }))}
          hint="Activities are counted but are not progress."
        />
        <CheckField label="Critical" name="critical" defaultChecked={milestone?.critical} />
      </div>
      <div className="two">
        <TextField label="Metric" name="metric" defaultValue={milestone?.metric ?? ''} />
        <TextField label="Unit" name="unit" defaultValue={milestone?.unit ?? ''} />
        <TextField label="Start" name="start" numeric defaultValue={milestone?.start ?? ''} />
        <TextField label="Target" name="target" numeric defaultValue={milestone?.target ?? ''} />
      </div>
    </>
  )
}

const fieldsOf = (fields: FormData) => ({
  name: required(fields, 'name'),
  due: required(fields, 'due'),
  critical: fields.has('critical'),
  measureType: required(fields, 'measureType') as MeasureType,
  metric: text(fields, 'metric'),
  unit: text(fields, 'unit'),
  start: decimal(fields, 'start'),
  target: decimal(fields, 'target'),
  assignee: text(fields, 'assignee'),
})

function EditMilestoneDialog({ milestone, onClose }: Props) {
  const { act, busy, no } = useAct(EditMilestoneDocument)
  const seen = useSeenRevision(milestone.revision, no)
  const send = async (fields: FormData) => {
    const typed = fieldsOf(fields)
    const was: typeof typed = { ...milestone, assignee: milestone.assignee?.id ?? null }
    const changes = Object.fromEntries(
      Object.entries(typed).filter(([name, value]) => value !== was[name as keyof typeof typed]),
    )
    if (Object.keys(changes).length === 0) return onClose()
    if (!(await act({ milestone: milestone.id, ...changes, expectedRevision: seen }))) return
    say(`“${typed.name}” saved.`)
    onClose()
  }
  return (
    <ActDialog title="Edit milestone" submit="Save" onClose={onClose} onSubmit={send} busy={busy} no={no}>
      <MilestoneFields milestone={milestone} />
    </ActDialog>
  )
}

function CancelMilestoneDialog({ milestone, onClose }: Props) {
  const { act, busy, no } = useAct(CancelMilestoneDocument)
  const send = async (fields: FormData) => {
    if (!(await act({ milestone: milestone.id, reason: required(fields, 'reason') }))) return
    say(`“${milestone.name}” cancelled.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Cancel “${milestone.name}”`}
      submit="Cancel the milestone"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
    >
      <AreaField label="Reason" name="reason" required />
    </ActDialog>
  )
}

export function AddMilestoneDialog({ under, onClose }: { under: string; onClose: () => void }) {
  const { act, busy, no } = useAct(AddMilestoneDocument)
  const send = async (fields: FormData) => {
    const typed = fieldsOf(fields)
    if (!(await act({ under, ...typed }))) return
    say(`Milestone “${typed.name}” added.`)
    onClose()
  }
  return (
    <ActDialog
      title="New milestone"
      submit="Add milestone"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="A dated, evidenced step that matters to the P&L."
    >
      <MilestoneFields />
    </ActDialog>
  )
}

const DIALOGS = {
  achieve: AchieveDialog,
  reading: ReadingDialog,
  verify: VerifyDialog,
  edit: EditMilestoneDialog,
  cancel: CancelMilestoneDialog,
}

export function MilestoneDialog({ kind, ...props }: Props & { kind: DialogKind }) {
  if (kind === 'add') return null
  const Chosen = DIALOGS[kind]
  return <Chosen {...props} />
}
