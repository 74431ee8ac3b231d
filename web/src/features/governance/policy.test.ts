import { describe, expect, it } from 'vitest'
import { firstWords } from './BeginDraft'
import { askedAt, criteriaOf, documentOf, faultIn, type GateRule, voteWords } from './policy'

const criterion = (code: string, least?: number): GateRule['criteria'][number]['criterion'] => ({
  code,
  title: code.toLowerCase(),
  asks: '',
  number: least === undefined ? null : { counts: 'pieces', least },
})
const gate = (given: Partial<GateRule>): GateRule => ({
  into: 'DETAILED',
  criteria: [],
  votes: [],
  financialValidation: 'NONE',
  freezes: [],
  ...given,
})

describe('a gate, as it is told', () => {
  it('names one decider by role, several by how many, and from which amount on', () => {
    const vote = { role: 'EXECUTIVE', body: 'steering committee', needed: 2, above: null } as const
    expect(voteWords({ ...vote, role: 'SPONSOR', body: 'sponsor', needed: 1 })).toBe('Sponsor')
    expect(voteWords({ ...vote, above: { amount: '1000000', currency: 'EUR' } })).toBe(
      '2 of the steering committee, above 1,000,000\u00a0€',
    )
  })

  it('says how many a criterion takes only where that is more than the least', () => {
    const gates = [
      gate({ criteria: [{ atLeast: 1, criterion: criterion('EVIDENCE', 1) }] }),
      gate({
        into: 'DECIDED',
        criteria: [
          { atLeast: 3, criterion: criterion('EVIDENCE', 1) },
          { atLeast: null, criterion: criterion('RISKS') },
        ],
      }),
    ]
    expect(criteriaOf(gates).map((one) => one.code)).toEqual(['EVIDENCE', 'RISKS'])
    expect(gates.map((one) => askedAt(one, 'EVIDENCE'))).toEqual(['', 'at least 3 pieces'])
    expect(gates.map((one) => askedAt(one, 'RISKS'))).toEqual([null, ''])
  })
})

it('takes a fault of the server apart', () => {
  expect(faultIn('Line 47, gates.DETAILED.votes[0].role: “SPONSER” is not known here: look again.')).toEqual({
    line: 47,
    path: 'gates.DETAILED.votes[0].role',
    sentence: '“SPONSER” is not known here: look again.',
  })
  expect(faultIn('Line 3: This is no YAML.')).toEqual({ line: 3, path: '', sentence: 'This is no YAML.' })
  expect(faultIn('act: editPolicyDraft')).toEqual({ line: null, path: '', sentence: 'act: editPolicyDraft' })
})

it('reads what a file says of itself', () => {
  expect(firstWords('# Lean: few criteria,\n# one vote.\n#\n# A policy of Stageline.\nname: Lean')).toBe(
    'Lean: few criteria, one vote.',
  )
})

it('writes a policy as its file has it', () => {
  const policy = {
    name: 'Lean',
    currency: 'EUR',
    gates: [
      gate({
        criteria: [
          { atLeast: 2, criterion: criterion('EVIDENCE', 1) },
          { atLeast: null, criterion: criterion('RISKS') },
        ],
        votes: [{ role: 'EXECUTIVE', body: '', needed: 2, above: { amount: '5', currency: 'EUR' } }],
      }),
    ],
    stages: [{ stage: 'DEFINED', name: 'Idea', weight: 10 }],
    levels: [{ level: 'PROGRAM', name: 'Workstream' }],
    headlineKinds: ['MARGIN'],
    sustainMonths: 3,
    lights: { __typename: 'PolicyLights', greenFrom: '0.9', amberFrom: '0.7', amberAfterDays: 0, redAfterDays: 14 },
    cadence: { cycle: 'MONTHLY', dueDays: 5, remindAfterDays: 3, stalledAfterDays: 14 },
  } as unknown as Parameters<typeof documentOf>[0]
  expect(documentOf(policy)).toEqual({
    name: 'Lean',
    currency: 'EUR',
    gates: {
      DETAILED: {
        criteria: [{ EVIDENCE: 2 }, 'RISKS'],
        votes: [{ role: 'EXECUTIVE', needed: 2, above: '5' }],
        financialValidation: 'NONE',
      },
    },
    stageWeights: { DEFINED: 10 },
    headlineKinds: ['MARGIN'],
    sustainMonths: 3,
    lights: { greenFrom: '0.9', amberFrom: '0.7', amberAfterDays: 0, redAfterDays: 14 },
    cadence: { cycle: 'MONTHLY', dueDays: 5, remindAfterDays: 3, stalledAfterDays: 14 },
    levelNames: { PROGRAM: 'Workstream' },
    stageNames: { DEFINED: 'Idea' },
  })
})
