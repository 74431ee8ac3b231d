/** What the gate card shows, worked out from the gate alone: no rule of the law is repeated here. */
import type { DeciderRowFragment, DecisionOutcome, GateFullFragment, Role, VoteRowFragment } from '../../gql/documents'
import { permission } from '../../ui/Why'
import { word } from '../../ui/words'

export type ButtonState = 'open' | 'closed' | 'hidden'
export type GateButtons = { submit: ButtonState; retract: ButtonState; reason: string | null }

/**
 * Before a submission there is a button to submit, afterwards one to retract. A closed button has its reason beside
 * it; somebody who may decide already has the better thing to press, and is told nothing.
 */
export function gateButtons(gate: Pick<GateFullFragment, 'acts' | 'submission'>): GateButtons {
  const submit = permission(gate.acts, 'submitGate')
  const retract = permission(gate.acts, 'retractSubmission')
  const decide = permission(gate.acts, 'decideGate')
  const state = (answer: typeof submit): ButtonState => (answer ? (answer.allowed ? 'open' : 'closed') : 'hidden')
  if (!gate.submission)
    return { submit: state(submit), retract: 'hidden', reason: submit && !submit.allowed ? submit.why : null }
  if (decide?.allowed) return { submit: 'hidden', retract: 'hidden', reason: null }
  const shown = state(retract)
  const why = decide && !decide.allowed ? decide.why : null
  return { submit: 'hidden', retract: shown === 'closed' ? 'hidden' : shown, reason: why }
}

type Someone = { id: string; name: string }
export type Vote = {
  role: Role
  roleWord: string
  /** How many votes this line stands for. */
  needed: number
  /** Who voted, or may: one person, several of whom some must vote, or nobody. */
  people: Someone[]
  /** In whose place a vote was given, or who may vote in the place of whom it is waited for. */
  lent: string | null
  outcome: DecisionOutcome | null
  at: string | null
}

/** One line per vote given, then one per person whose vote is waited for, or per body of which a quorum votes. */
export function votesOf(given: readonly VoteRowFragment[], awaited: readonly DeciderRowFragment[]): Vote[] {
  const line = (role: Role, needed: number, people: Someone[], lent: string | null = null) => {
    return { role, roleWord: word(role).toLowerCase(), needed, people, lent, outcome: null, at: null }
  }
  const cast: Vote[] = given.map((vote) => ({
    ...line(vote.as, 1, [vote.by], vote.onBehalfOf && `for ${vote.onBehalfOf.name}`),
    outcome: vote.outcome,
    at: vote.at,
  }))
  const open: Vote[] = awaited.flatMap(({ role, needed, people, delegates }) => {
    const lent = (some: Someone[]) => {
      const stand = delegates.filter((one) => some.some((person) => person.id === one.for.id))
      return stand.map((one) => `or ${one.person.name} for ${one.for.name}`).join(', ') || null
    }
    return people.length > needed || people.length === 0
      ? [line(role, needed, people, lent(people))]
      : people.map((person) => line(role, 1, [person], lent([person])))
  })
  return [...cast, ...open]
}

export type OutcomeChoice = { value: DecisionOutcome; note: string; comment: boolean }

/** What a Go would bring about: nothing yet, or the passage. */
export function goNote(waitingOn: readonly DeciderRowFragment[]): string {
  const missing = waitingOn.reduce((sum, decider) => sum + decider.needed, 0)
  return missing > 1 ? `passes once all ${missing} missing votes are Go` : 'passes with your vote'
}

/** What each outcome would do to a submission, and whether it asks for a comment. */
export function outcomesOf(waitingOn: readonly DeciderRowFragment[], submitter: string): OutcomeChoice[] {
  return [
    { value: 'GO', note: goNote(waitingOn), comment: false },
    { value: 'RECYCLE', note: `back to ${submitter}, comment required`, comment: true },
    { value: 'HOLD', note: 'until a review date, reason required', comment: true },
    { value: 'CANCEL', note: 'ends the measure, reason required', comment: true },
  ]
}

export type Stating = 'amount' | 'documented amount' | null

/** What the viewer's own Go states: the server says in which role they vote, and what that role states. */
export function statesOf(gate: Pick<GateFullFragment, 'votesAs' | 'waitingOn'>): Stating {
  const mine = gate.waitingOn.find((decider) => decider.role === gate.votesAs)
  if (mine?.documented) return 'documented amount'
  return mine?.statesAmount ? 'amount' : null
}
