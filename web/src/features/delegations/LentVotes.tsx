import { useState } from 'react'
import { useOrganization } from '../../app/session'
import { type DelegationRowFragment, type LendingFragment, RevokeDelegationDocument } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { ActDialog } from '../../ui/Dialog'
import { day } from '../../ui/dates'
import { say } from '../../ui/toast'
import { ActButton } from '../../ui/Why'
import { seatName } from './DelegateDialog'

type Side = 'lent' | 'borrowed'

export function RevokeDialog({
  loan,
  side,
  onClose,
}: {
  loan: DelegationRowFragment
  side: Side
  onClose: () => void
}) {
  const { act, busy, no } = useAct(RevokeDelegationDocument)
  const send = async () => {
    if (!(await act({ delegation: loan.id, expectedRevision: loan.revision }))) return
    say(side === 'lent' ? 'You have your vote back.' : `${loan.lender.name} has the vote back.`)
    onClose()
  }
  return (
    <ActDialog
      title={side === 'lent' ? 'Take the vote back' : 'Give the vote back'}
      submit={side === 'lent' ? 'Take it back' : 'Give it back'}
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
    >
      <p>
        {loan.lender.name} lent {loan.delegate.name} the vote as {seatName(loan.seat)}. Votes already given stand.
      </p>
    </ActDialog>
  )
}

function Loan({ loan, side }: { loan: DelegationRowFragment; side: Side }) {
  const { today } = useOrganization()
  const [ending, setEnding] = useState(false)
  const when = loan.from > today ? `from ${day(loan.from, today)} until` : 'until'
  return (
    <li>
      <p>
        {side === 'lent' ? (
          <>
            Your vote as {seatName(loan.seat)} is lent to <b>{loan.delegate.name}</b>
          </>
        ) : (
          <>
            <b>{loan.lender.name}</b> lent you the vote as {seatName(loan.seat)}
          </>
        )}{' '}
        {when} {day(loan.until, today)}. <span className="k">{loan.reason}</span>
      </p>
      <ActButton acts={loan.acts} act="revokeDelegation" className="btn small" onClick={() => setEnding(true)}>
        {side === 'lent' ? 'Take back' : 'Give back'}
      </ActButton>
      {ending && <RevokeDialog loan={loan} side={side} onClose={() => setEnding(false)} />}
    </li>
  )
}

/** The votes that are lent now or soon, by me and to me. What is over or revoked is in the ledger. */
export function LentVotes({ delegations }: { delegations: LendingFragment['viewer']['delegations'] }) {
  const { today } = useOrganization()
  const open = (loan: DelegationRowFragment) => loan.revokedAt === null && loan.until >= today
  const [lent, borrowed] = [delegations.lent.filter(open), delegations.borrowed.filter(open)]
  if (lent.length + borrowed.length === 0) return null
  return (
    <section className="loans" aria-label="Lent votes">
      <h2>Lent votes</h2>
      <ul>
        {lent.map((loan) => (
          <Loan key={loan.id} loan={loan} side="lent" />
        ))}
        {borrowed.map((loan) => (
          <Loan key={loan.id} loan={loan} side="borrowed" />
        ))}
      </ul>
    </section>
  )
}
