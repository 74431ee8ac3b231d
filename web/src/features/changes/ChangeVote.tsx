import type { ReactNode } from 'react'
import { type ChangeFullFragment, DecideChangeDocument } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { say } from '../../ui/toast'
import { word } from '../../ui/words'
import { goNote, type OutcomeChoice, statesOf } from '../gates/gate'
import { type Ballot, VoteForm } from '../gates/VoteForm'

function outcomesOf(change: ChangeFullFragment): OutcomeChoice[] {
  const proposer = change.proposedBy.name
  const given =
    change.purpose === 'CHANGE' ? 'gives the change up, reason required' : 'it stays closed, reason required'
  return [
    { value: 'GO', note: goNote(change.waitingOn), comment: false },
    { value: 'RECYCLE', note: `back to ${proposer}, comment required`, comment: true },
    { value: 'CANCEL', note: given, comment: true },
  ]
}

/** The vote on a change of the plan, or on a reopening. */
export function ChangeVote({ change, name, beside }: { change: ChangeFullFragment; name: string; beside?: ReactNode }) {
  const { act, busy, no } = useAct(DecideChangeDocument)
  const vote = async ({ outcome, comment, confirmed, checkedAgainst }: Ballot) => {
    if (await act({ change: change.id, outcome, comment, confirmed, checkedAgainst }))
      say(`Your vote on “${name}”: ${word(outcome)}.`)
  }
  const stating = statesOf(change)
  const states = stating && {
    label: 'Validated size of the change',
    hint: 'The size that you have checked.',
    documented: stating === 'documented amount',
  }
  return <VoteForm outcomes={outcomesOf(change)} states={states} vote={vote} busy={busy} no={no} beside={beside} />
}
