import { describe, expect, it } from 'vitest'
import type { DeciderRowFragment, GateFullFragment, Role, VoteRowFragment } from '../../gql/documents'
import { gateButtons, goNote, outcomesOf, statesOf, votesOf } from './gate'

const act = (name: string, why: string | null = null) => ({ act: name, allowed: why === null, why })
const SUBMISSION = { decisions: [] } as unknown as NonNullable<GateFullFragment['submission']>
const MARTA = { id: 'm', name: 'Marta Lindqvist' }
const JONAS = { id: 'j', name: 'Jonas Ferreira' }

describe('the buttons of a gate', () => {
  it('keep submit closed and say why while a criterion is unmet', () => {
    const gate = {
      submission: null,
      acts: [
        act('submitGate', '2 criteria are unmet.'),
        act('retractSubmission', 'Nothing is submitted.'),
        act('decideGate', 'Nothing is submitted.'),
      ],
    }
    expect(gateButtons(gate)).toEqual({ submit: 'closed', retract: 'hidden', reason: '2 criteria are unmet.' })
  })

  it('open submit, without a word, once it may be pressed', () => {
    expect(gateButtons({ submission: null, acts: [act('submitGate')] })).toEqual({
      submit: 'open',
      retract: 'hidden',
      reason: null,
    })
  })

  it('tell who waits for a decision whose it is', () => {
    const gate = {
      submission: SUBMISSION,
      acts: [
        act('submitGate', 'It is submitted already.'),
        act('retractSubmission'),
        act('decideGate', 'The submitter never decides.'),
      ],
    }
    expect(gateButtons(gate)).toEqual({ submit: 'hidden', retract: 'open', reason: 'The submitter never decides.' })
  })

  it('leave the vote alone on the stage for who may decide', () => {
    const gate = {
      submission: SUBMISSION,
      acts: [act('submitGate', 'no'), act('retractSubmission', 'no'), act('decideGate')],
    }
    expect(gateButtons(gate)).toEqual({ submit: 'hidden', retract: 'hidden', reason: null })
  })

  it('do not exist where the server offers no act', () => {
    expect(gateButtons({ submission: null, acts: [] })).toEqual({ submit: 'hidden', retract: 'hidden', reason: null })
  })
})

const deciding = (role: Role, people: (typeof MARTA)[], more: Partial<DeciderRowFragment> = {}): DeciderRowFragment => {
  return { role, needed: 1, statesAmount: false, documented: false, people, delegates: [], ...more }
}
const VOTE: VoteRowFragment = {
  as: 'SPONSOR',
  by: MARTA,
  onBehalfOf: null,
  outcome: 'GO',
  comment: null,
  at: '2026-06-04T09:00:00Z',
  confirmed: null,
  checkedAgainst: null,
}

describe('the votes', () => {
  it('name who would decide, and say when nobody can', () => {
    const votes = votesOf([], [deciding('SPONSOR', [MARTA]), deciding('CONTROLLER', [])])
    expect(votes.map((vote) => [vote.roleWord, vote.people[0]?.name ?? null])).toEqual([
      ['sponsor', 'Marta Lindqvist'],
      ['controller', null],
    ])
  })

  it('are first those given and then those still waited for', () => {
    const votes = votesOf([VOTE], [deciding('CONTROLLER', [JONAS])])
    expect(votes.map((vote) => [vote.people[0]?.name, vote.outcome])).toEqual([
      ['Marta Lindqvist', 'GO'],
      ['Jonas Ferreira', null],
    ])
  })

  it('name a body once where fewer of it must vote than may', () => {
    const committee = deciding('EXECUTIVE', [MARTA, JONAS])
    expect(votesOf([], [committee]).map((vote) => [vote.needed, vote.people.length])).toEqual([[1, 2]])
    const both = votesOf([], [{ ...committee, needed: 2 }])
    expect(both.map((vote) => vote.people[0]?.name)).toEqual(['Marta Lindqvist', 'Jonas Ferreira'])
  })

  it('say who stands in for whom, before and after', () => {
    const delegates = [{ until: '2026-07-01', person: JONAS, for: MARTA }]
    expect(votesOf([], [deciding('SPONSOR', [MARTA], { delegates })])[0]?.lent).toBe(
      'or Jonas Ferreira for Marta Lindqvist',
    )
    const [given] = votesOf([{ ...VOTE, by: JONAS, onBehalfOf: MARTA }], [])
    expect([given?.people[0]?.name, given?.lent]).toEqual(['Jonas Ferreira', 'for Marta Lindqvist'])
  })
})

describe('one’s own vote', () => {
  const sponsor = deciding('SPONSOR', [MARTA])
  const controller = deciding('CONTROLLER', [JONAS], { statesAmount: true })

  it('says what a Go would bring about: nothing yet, or the passage', () => {
    expect(goNote([{ ...sponsor, needed: 2 }, controller])).toBe('passes once all 3 missing votes are Go')
    expect(goNote([controller])).toBe('passes with your vote')
  })

  it('names who gets it back', () => {
    expect(outcomesOf([controller], 'Pavel Horak')[1]?.note).toContain('Pavel Horak')
  })

  it('states what the server says that the role one votes in does', () => {
    expect(statesOf({ votesAs: 'CONTROLLER', waitingOn: [sponsor, controller] })).toBe('amount')
    const documented = { ...controller, documented: true }
    expect(statesOf({ votesAs: 'CONTROLLER', waitingOn: [sponsor, documented] })).toBe('documented amount')
    expect(statesOf({ votesAs: 'SPONSOR', waitingOn: [sponsor, documented] })).toBeNull()
    expect(statesOf({ votesAs: null, waitingOn: [sponsor, controller] })).toBeNull()
  })
})
