/** The law's words as they are written on a screen. */
import type { Level, MilestoneState, Stage, Standing, ValueKind } from '../gql/documents'

export const STAGES: Stage[] = ['DEFINED', 'IDENTIFIED', 'DETAILED', 'DECIDED', 'IMPLEMENTED', 'CLOSED']
export const LEVELS: Level[] = ['OBJECTIVE', 'PORTFOLIO', 'PROGRAM', 'INITIATIVE', 'SALES_PLAN']
export const KINDS: ValueKind[] = [
  'MARGIN',
  'COST_SAVING',
  'COST_AVOIDANCE',
  'REVENUE',
  'ONE_OFF_COST',
  'CAPEX',
  'RUN_COST',
]

let called: Readonly<Record<string, string>> = {}

/** From here on levels and stages are called as the organization's policy calls them: "PROGRAM" → "Workstream". */
export function callBy(names: Readonly<Record<string, string>>): void {
  called = names
}

/** An enum value of the API as it is spoken, levels and stages by the organization's own names where it has some. */
export const word = (value: string): string => called[value] ?? standardWord(value)

/** "SALES_PLAN" → "Sales plan": every enum value of the API reads well that way, but for the two below. */
export function standardWord(value: string): string {
  if (value === 'CAPEX') return 'Capex'
  if (value === 'ONE_OFF_COST') return 'One-off cost'
  return value.charAt(0) + value.slice(1).toLowerCase().replaceAll('_', ' ')
}

export const stageNumber = (stage: Stage): number => STAGES.indexOf(stage)

export type Tone = 'ok' | 'risk' | 'off' | 'none'

export const standingTone: Record<Standing, Tone> = { ACTIVE: 'ok', ON_HOLD: 'risk', CANCELLED: 'none' }
export const milestoneTone: Record<MilestoneState, Tone> = {
  PLANNED: 'none',
  DUE: 'risk',
  LATE: 'off',
  ACHIEVED: 'ok',
  MISSED: 'off',
  CANCELLED: 'none',
}

export const initials = (name: string): string => {
  const parts = name.split(/\s+/).filter(Boolean)
  return ((parts[0]?.[0] ?? '?') + (parts.length > 1 ? (parts.at(-1)?.[0] ?? '') : '')).toUpperCase()
}

/** "Margin + cost saving" */
export const kindsTogether = (kinds: readonly ValueKind[]): string => {
  const words = kinds.map(word).join(' + ').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
