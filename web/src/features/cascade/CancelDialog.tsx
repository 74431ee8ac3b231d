import { CancelNodeDocument } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { ActDialog } from '../../ui/Dialog'
import { AreaField, required } from '../../ui/fields'
import { say } from '../../ui/toast'
import { word } from '../../ui/words'
import type { Subject } from './NodeActs'

export function CancelDialog({ node, onClose }: { node: Subject; onClose: () => void }) {
  const { act, busy, no } = useAct(CancelNodeDocument)
  const send = async (fields: FormData) => {
    if (!(await act({ node: node.id, reason: required(fields, 'reason') }))) return
    say(`“${node.name}” cancelled.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Cancel “${node.name}”`}
      submit={`Cancel this ${word(node.level).toLowerCase()}`}
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="Nothing is deleted: it stays visible as cancelled."
    >
      <AreaField label="Reason" name="reason" required />
    </ActDialog>
  )
}
