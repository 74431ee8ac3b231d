import { type MeasureHeadFragment, ReopenMeasureDocument } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { ActDialog } from '../../ui/Dialog'
import { AreaField, required } from '../../ui/fields'
import { say } from '../../ui/toast'

/** Proposes to reopen a closed measure: the controller's consent; the sponsor decides. */
export function ReopenDialog({ measure, onClose }: { measure: MeasureHeadFragment; onClose: () => void }) {
  const { act, busy, no } = useAct(ReopenMeasureDocument)
  const seen = useSeenRevision(measure.revision, no)
  const send = async (fields: FormData) => {
    if (!(await act({ measure: measure.id, reason: required(fields, 'reason'), expectedRevision: seen }))) return
    say(`The reopening of “${measure.name}” is proposed.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Reopen “${measure.name}”`}
      submit="Propose the reopening"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="What was confirmed stays as it is; the measure is closed anew."
    >
      <p className="k">Proposing it is the controller’s consent. Once the sponsor agrees, it stands at Implemented.</p>
      <AreaField label="Reason" name="reason" required />
    </ActDialog>
  )
}
