import type { ReactNode } from 'react'
import { DecideGateDocument, type GateFullFragment } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { say } from '../../ui/toast'
import { word } from '../../ui/words'
import { outcomesOf, statesOf } from './gate'
import { type Ballot, type Statement, VoteForm } from './VoteForm'

const CLOSING = {
  label: 'Confirmed amount',
  hint: 'What the books hold. It may be less than planned; the shortfall is reported.',
}
const VALIDATING = { label: 'Validated amount', hint: 'The size that you have checked.' }

function statementOf(gate: GateFullFragment): Statement | null {
  const stating = statesOf(gate)
  const words = gate.into === 'CLOSED' ? CLOSING : VALIDATING
  return stating && { ...words, documented: stating === 'documented amount' }
}

/** The vote at a gate. */
export function GateVote({ gate, name, beside }: { gate: GateFullFragment; name: string; beside?: ReactNode }) {
  const { act, busy, no } = useAct(DecideGateDocument)
  const outcomes = outcomesOf(gate.waitingOn, gate.submission?.submittedBy.name ?? 'who submitted it')
  const vote = async (ballot: Ballot) => {
    if (await act({ gate: gate.id, ...ballot })) say(`Your vote on “${name}”: ${word(ballot.outcome)}.`)
  }
  return <VoteForm outcomes={outcomes} states={statementOf(gate)} vote={vote} busy={busy} no={no} beside={beside} />
}
