/** The table of rights, folded for reading: one cell for a role and an act, whatever the stages. */
import type { RightsMatrixQuery, RightsWhyQuery, Role, Stage } from '../../gql/documents'
import { STAGES, stageNumber, word } from '../../ui/words'

type Organization<Query extends { organization: unknown }> = NonNullable<Query['organization']>
export type RightsRow = Organization<RightsMatrixQuery>['rightsMatrix'][number]
export type WhyRow = Organization<RightsWhyQuery>['rightsMatrix'][number]

/** Where an act is open to a role: always, at some stages, or never. */
export type Cell = 'always' | 'never' | readonly Stage[]
export type ActRow = { act: string; cells: ReadonlyMap<Role, Cell> }

/** The rows of one level, in the order of the server; `level` null is the organization itself. */
export function rowsOf(rights: readonly RightsRow[], level: string | null): ActRow[] {
  const acts = new Map<string, Map<Role, RightsRow[]>>()
  for (const right of rights) {
    if (right.level !== level) continue
    const roles = acts.get(right.act) ?? new Map<Role, RightsRow[]>()
    roles.set(right.role, [...(roles.get(right.role) ?? []), right])
    acts.set(right.act, roles)
  }
  return [...acts].map(([act, roles]) => ({
    act,
    cells: new Map([...roles].map(([role, found]) => [role, cellOf(found)] as const)),
  }))
}

function cellOf(found: readonly RightsRow[]): Cell {
  const open = found.filter((one) => one.allowed)
  if (open.length === found.length) return 'always'
  if (open.length === 0) return 'never'
  return STAGES.filter((stage) => open.some((one) => one.stage === stage))
}

/** "0–2", "3, 5": stages by their numbers, neighbours together. */
export function stageRange(stages: readonly Stage[]): string {
  const parts: [number, number][] = []
  for (const number of stages.map(stageNumber).sort()) {
    const last = parts.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else parts.push([number, number])
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}

/** "Identified to Detailed", for those who hear it. */
export const stageNames = (stages: readonly Stage[]): string => stages.map(word).join(', ')

/** Each reason once, with the stages at which it is the reason; none named where it always is. */
export function reasons(rows: readonly WhyRow[]): { why: string; stages: Stage[] }[] {
  const found = new Map<string, Set<Stage>>()
  const everywhere = new Set(rows.flatMap((row) => (row.stage ? [row.stage] : [])))
  for (const row of rows) {
    if (!row.why) continue
    const stages = found.get(row.why) ?? new Set<Stage>()
    if (row.stage) stages.add(row.stage)
    found.set(row.why, stages)
  }
  return [...found].map(([why, stages]) => ({
    why,
    stages: stages.size === everywhere.size ? [] : STAGES.filter((stage) => stages.has(stage)),
  }))
}

/** The first sentence says what an act is; the rest is for authors of clients. */
export const firstSentence = (text: string): string =>
  /^.*?[.:;](?=\s|$)/s.exec(text)?.[0].replace(/[:;]$/, '.') ?? text
