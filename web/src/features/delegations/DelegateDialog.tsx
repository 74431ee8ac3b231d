import { useState } from 'react'
import { useOrganization } from '../../app/session'
import { DelegateVoteDocument, type LendingFragment, type Role } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { ActDialog } from '../../ui/Dialog'
import { addDays } from '../../ui/dates'
import { AreaField, DateField, required, SelectField } from '../../ui/fields'
import { say } from '../../ui/toast'
import { permission } from '../../ui/Why'
import { word } from '../../ui/words'
import { PersonField } from '../people/PersonField'

type Seat = LendingFragment['viewer']['seats'][number]

export const seatName = (seat: Pick<Seat, 'role' | 'everywhere' | 'at'>): string => {
  const place = seat.everywhere ? 'the whole organization' : (seat.at?.name ?? 'a part you do not see')
  return `${word(seat.role)} of ${place}`
}

/** The seats whose vote one may lend. */
export const lendable = (seats: readonly Seat[]): Seat[] =>
  seats.filter((seat) => permission(seat.acts, 'delegateVote')?.allowed)

/** Lends the vote of one of one's own seats for a stated time. */
export function DelegateDialog({
  seats,
  role,
  onClose,
}: {
  seats: readonly Seat[]
  /** As what one would vote here: that seat is offered first. */
  role: Role | null
  onClose: () => void
}) {
  const { today } = useOrganization()
  const { act, busy, no } = useAct(DelegateVoteDocument)
  const offered = lendable(seats).sort((one, other) => Number(other.role === role) - Number(one.role === role))
  const send = async (fields: FormData) => {
    const lent = await act({
      seat: required(fields, 'seat'),
      delegate: required(fields, 'delegate'),
      from: required(fields, 'from'),
      until: required(fields, 'until'),
      reason: required(fields, 'reason'),
    })
    if (!lent) return
    say('Your vote is lent; both of you see it here.')
    onClose()
  }
  return (
    <ActDialog
      title="Lend your vote"
      submit="Lend the vote"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="It lends the vote, no sight. You can take it back at any time; who votes first uses it up."
    >
      <SelectField
        label="Your seat"
        name="seat"
        choices={offered.map((seat) => ({ value: seat.id, label: seatName(seat) }))}
        hint="All votes of this seat are lent, not only this one."
      />
      <PersonField
        label="To"
        name="delegate"
        required
        hint="Never the owner or the submitter of what is decided: the law holds for a delegate as well."
      />
      <div className="two">
        <DateField label="From" name="from" required min={today} defaultValue={today} />
        <DateField label="Until" name="until" required min={today} defaultValue={addDays(today, 14)} />
      </div>
      <AreaField label="Reason" name="reason" required placeholder="Holiday, illness…" />
    </ActDialog>
  )
}

/** Instead of voting: somebody else votes for me. Only where one has a seat whose vote can be lent. */
export function DelegateButton({ seats, role }: { seats: readonly Seat[]; role: Role | null }) {
  const [open, setOpen] = useState(false)
  if (lendable(seats).length === 0) return null
  return (
    <>
      <button type="button" className="btn" onClick={() => setOpen(true)}>
        Delegate
      </button>
      {open && <DelegateDialog seats={seats} role={role} onClose={() => setOpen(false)} />}
    </>
  )
}
