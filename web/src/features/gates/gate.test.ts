import { describe, expect, it } from 'vitest'
import type { DeciderRowFragment, GateFullFragment, SubmissionRowFragment } from '../../gql/documents'
import { gateButtons, outcomesOf, statesOf, votesOf } from './gate'

const act = (name: string, why: string | null = null) => ({ act: name, allowed: why === null, why })
const SUBMISSION = { decisions: [] as SubmissionRowFragment['decisions'] } as SubmissionRowFragment
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

describe('the votes of a gate', () => {
  const deciders: GateFullFragment['readiness']['deciders'] = [
    { role: 'SPONSOR', needed: 1, statesAmount: false, documented: false, people: [MARTA], delegates: [] },
    { role: 'CONTROLLER', needed: 1, statesAmount: true, documented: false, people: [], delegates: [] },
  ]
  const readiness = { ready: true, criteria: [], freezes: [], deciders }

  it('name who would decide before anything is submitted, and say when nobody can', () => {
    const votes = votesOf({ readiness, submission: null, waitingOn: [] })
    expect(votes.map((vote) => [vote.roleWord, vote.people[0]?.name ?? null])).toEqual([
      ['sponsor', 'Marta Lindqvist'],
      ['controller', null],
    ])
  })

  it('show the votes given first and then who is still waited for', () => {
    const decision = {
      as: 'SPONSOR',
      by: MARTA,
      onBehalfOf: null,
      outcome: 'GO',
      comment: null,
      at: '2026-06-04T09:00:00Z',
      confirmed: null,
      checkedAgainst: null,
    } as const
    const votes = votesOf({
      readiness,
      submission: { ...SUBMISSION, decisions: [decision] },
      waitingOn: [
        { role: 'CONTROLLER', needed: 1, statesAmount: true, documented: false, people: [JONAS], delegates: [] },
      ],
    })
    expect(votes.map((vote) => [vote.people[0]?.name, vote.outcome])).toEqual([
      ['Marta Lindqvist', 'GO'],
      ['Jonas Ferreira', null],
    ])
  })

  it('name a body once where fewer of it must vote than may', () => {
    const committee: DeciderRowFragment = {
      role: 'EXECUTIVE',
      needed: 1,
      statesAmount: false,
      documented: false,
      people: [MARTA, JONAS],
      delegates: [],
    }
    const votes = votesOf({ readiness, submission: SUBMISSION, waitingOn: [committee] })
    expect(votes.map((vote) => [vote.needed, vote.people.length])).toEqual([[1, 2]])
    const both = votesOf({ readiness, submission: SUBMISSION, waitingOn: [{ ...committee, needed: 2 }] })
    expect(both.map((vote) => vote.people[0]?.name)).toEqual(['Marta Lindqvist', 'Jonas Ferreira'])
  })
})

describe('a vote that is lent', () => {
  const readiness = { ready: true, criteria: [], freezes: [], deciders: [] }

  it('says who stands in for whom, before and after', () => {
    const delegates = [{ until: '2026-07-01', person: JONAS, for: MARTA }]
    const decider = {
      role: 'SPONSOR',
      needed: 1,
      statesAmount: false,
      documented: false,
      people: [MARTA],
      delegates,
    } as const
    const waits = votesOf({ readiness, submission: SUBMISSION, waitingOn: [decider as unknown as DeciderRowFragment] })
    expect(waits[0]?.lent).toBe('or Jonas Ferreira for Marta Lindqvist')
    const vote = {
      as: 'SPONSOR',
      by: JONAS,
      onBehalfOf: MARTA,
      outcome: 'GO',
      comment: null,
      confirmed: null,
      checkedAgainst: null,
    } as const
    const decisions = [{ ...vote, at: '2026-06-04T09:00:00Z' }]
    const [given] = votesOf({ readiness, submission: { ...SUBMISSION, decisions }, waitingOn: [] })
    expect([given?.people[0]?.name, given?.lent]).toEqual(['Jonas Ferreira', 'for Marta Lindqvist'])
  })
})

describe('one’s own vote', () => {
  const sponsor: DeciderRowFragment = {
    role: 'SPONSOR',
    needed: 1,
    statesAmount: false,
    documented: false,
    people: [MARTA],
    delegates: [],
  }
  const controller: DeciderRowFragment = {
    role: 'CONTROLLER',
    needed: 1,
    statesAmount: true,
    documented: false,
    people: [JONAS],
    delegates: [],
  }
  const submission = { submittedBy: { name: 'Pavel Horak' } }

  it('says what a Go would bring about: nothing yet, or the passage', () => {
    const note = (waitingOn: GateFullFragment['waitingOn']) => outcomesOf({ waitingOn, submission })[0]?.note
    expect(note([{ ...sponsor, needed: 2 }, controller])).toBe('passes once all 3 missing votes are Go')
    expect(note([controller])).toBe('passes with your vote')
  })

  it('names who gets it back', () => {
    expect(outcomesOf({ waitingOn: [controller], submission })[1]?.note).toContain('Pavel Horak')
  })

  it('states what the server says that the role one votes in does', () => {
    expect(statesOf({ votesAs: 'CONTROLLER', waitingOn: [sponsor, controller] })).toBe('amount')
    const documented = { ...controller, documented: true }
    expect(statesOf({ votesAs: 'CONTROLLER', waitingOn: [sponsor, documented] })).toBe('documented amount')
    expect(statesOf({ votesAs: 'SPONSOR', waitingOn: [sponsor, documented] })).toBeNull()
    expect(statesOf({ votesAs: null, waitingOn: [sponsor, controller] })).toBeNull()
  })
})
