import { useState } from 'react'
import { useOrganization } from '../../app/session'
import { type DeciderRowFragment, type GateFullFragment, RemindDecidersDocument } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { ActDialog } from '../../ui/Dialog'
import { instant } from '../../ui/dates'
import { say } from '../../ui/toast'
import { ActButton } from '../../ui/Why'

type Props = { gate: Pick<GateFullFragment, 'id' | 'remindedAt' | 'acts'>; waitingOn: readonly DeciderRowFragment[] }

/** When those who still owe a vote were last reminded, and the button that does it again. */
export function RemindLine({ gate, waitingOn }: Props) {
  const { timeZone } = useOrganization()
  const { act, busy, no, forget } = useAct(RemindDecidersDocument)
  const [open, setOpen] = useState(false)
  const close = () => {
    forget()
    setOpen(false)
  }
  const send = async () => {
    if (!(await act({ gate: gate.id }))) return
    say('Reminded; the ledger keeps it.')
    close()
  }
  const people = waitingOn.flatMap((decider) => decider.people.map((person) => person.name))
  return (
    <div className="remind">
      <small className="k">
        {gate.remindedAt ? `Last reminded ${instant(gate.remindedAt, timeZone)}.` : 'Nobody was reminded yet.'}
      </small>
      <ActButton acts={gate.acts} act="remindDeciders" className="btn small" onClick={() => setOpen(true)}>
        Remind
      </ActButton>
      {open && (
        <ActDialog
          title="Remind who owes a vote"
          submit="Remind"
          onClose={close}
          onSubmit={send}
          busy={busy}
          no={no}
          note="At most once a day."
        >
          <p>{people.join(', ')}: the reminder is a fact in the ledger, and all who follow it hear it.</p>
        </ActDialog>
      )}
    </div>
  )
}
