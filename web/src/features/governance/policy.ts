/** The policy as people read it. */
import type { PolicyFullFragment, PolicyState } from '../../gql/documents'
import { exact } from '../../ui/numbers'
import type { Tone } from '../../ui/words'

export type GateRule = PolicyFullFragment['gates'][number]
export type VoteRule = GateRule['votes'][number]

export const POLICY_STATES: Record<PolicyState, { word: string; tone: Tone }> = {
  IN_FORCE: { word: 'In force', tone: 'ok' },
  PROPOSED: { word: 'Proposed', tone: 'risk' },
  DRAFT: { word: 'Draft', tone: 'none' },
  RETIRED: { word: 'Retired', tone: 'none' },
}

export const VALIDATIONS = {
  NONE: 'nothing',
  AMOUNT: 'the amount',
  DOCUMENTED: 'the amount, and what it was checked against',
} as const

/** "Sponsor", "2 of the steering committee, above 1,000,000 €" */
export function voteWords(vote: VoteRule): string {
  const one = vote.body.charAt(0).toUpperCase() + vote.body.slice(1)
  const who = vote.needed > 1 ? `${vote.needed} of the ${vote.body}` : one
  return vote.above ? `${who}, above ${exact(vote.above)}` : who
}

export type Criterion = GateRule['criteria'][number]['criterion']

/** Every criterion that some gate asks for, in the order in which the gates first do. */
export function criteriaOf(gates: readonly GateRule[]): Criterion[] {
  const found = new Map<string, Criterion>()
  for (const { criterion } of gates.flatMap((gate) => gate.criteria))
    if (!found.has(criterion.code)) found.set(criterion.code, criterion)
  return [...found.values()]
}

/** What a gate says to a criterion: null where it does not ask, and how many it takes where that says more. */
export function askedAt(gate: GateRule, code: string): string | null {
  const demand = gate.criteria.find((one) => one.criterion.code === code)
  if (!demand) return null
  const { number } = demand.criterion
  return number && demand.atLeast !== null && demand.atLeast > number.least
    ? `at least ${demand.atLeast} ${number.counts}`
    : ''
}

/** Whether a display name says something else than the standard word. */
export const isRenamed = (key: string, name: string, standard: (value: string) => string): boolean =>
  name.toLowerCase() !== standard(key).toLowerCase()

/** "Line 12, gates.DECIDED.votes: …" → its parts; the line is null where the server names none. */
export function faultIn(detail: string): { line: number | null; path: string; sentence: string } {
  const [, line, path, sentence] = /^Line (\d+)(?:, ([^\s:]+))?: (.*)$/s.exec(detail) ?? []
  return line
    ? { line: Number(line), path: path ?? '', sentence: sentence ?? '' }
    : { line: null, path: '', sentence: detail }
}

type Plain = string | number | null | Plain[] | { [key: string]: Plain }
export type Document = { [key: string]: Plain }

/** A policy as its file has it. JSON of it is YAML, which the server reads and writes out anew with its comments. */
export function documentOf(policy: PolicyFullFragment): Document {
  const gate = (rule: GateRule): Plain => ({
    criteria: rule.criteria.map(({ criterion, atLeast }) =>
      atLeast === null ? criterion.code : { [criterion.code]: atLeast },
    ),
    votes: rule.votes.map((vote) => ({
      role: vote.role,
      needed: vote.needed,
      ...(vote.above && { above: vote.above.amount }),
    })),
    financialValidation: rule.financialValidation,
  })
  return {
    name: policy.name,
    currency: policy.currency,
    gates: Object.fromEntries(policy.gates.map((rule) => [rule.into, gate(rule)])),
    stageWeights: Object.fromEntries(policy.stages.map((one) => [one.stage, one.weight])),
    headlineKinds: [...policy.headlineKinds],
    sustainMonths: policy.sustainMonths,
    lights: { ...withoutType(policy.lights) },
    cadence: { ...withoutType(policy.cadence) },
    levelNames: Object.fromEntries(policy.levels.map((one) => [one.level, one.name])),
    stageNames: Object.fromEntries(policy.stages.map((one) => [one.stage, one.name])),
  }
}

/** Without what the cache adds to things that have no id. */
function withoutType<Thing extends object>(thing: Thing): Document {
  return Object.fromEntries(Object.entries(thing).filter(([key]) => key !== '__typename'))
}
