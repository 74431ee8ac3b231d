/**
 * The arithmetic of the degree-of-implementation waterfall: from what is closed up to the outlook, and from the
 * outlook through what is held, cancelled and below plan to the plan (law §4, leakage waterfall).
 */
import type { Stage } from '../../gql/documents'
import { STAGES, stageNumber, word } from '../../ui/words'

export type Fill = 'act' | 'fc' | 'plan' | 'tot' | 'lost' | 'low' | 'high' | 'planbar'
export type Bar = {
  name: string
  stage: Stage | null
  measures: number | null
  value: number
  from: number
  to: number
  fill: Fill
  total: boolean
}

type StageRow = { stage: Stage; measures: number; outlook: number }
type Step = { name: string; measures: number | null; amount: number }

/** Solid is implemented, hatched is decided, outlined is not yet decided. */
const fillOf = (stage: Stage): Fill => (stageNumber(stage) >= 4 ? 'act' : stage === 'DECIDED' ? 'fc' : 'plan')

const stepFill = (name: string, amount: number): Fill => {
  if (amount > 0) return 'high'
  return name === 'Below plan' ? 'low' : 'lost'
}

/** Bars from top to bottom. The steps between plan and outlook are read upward, so each closes a part of the gap. */
export function waterfall(funnel: readonly StageRow[], leakage: readonly Step[]): Bar[] {
  const bars: Bar[] = []
  let at = 0
  for (const stage of [...STAGES].reverse()) {
    const row = funnel.find((one) => one.stage === stage)
    const value = row?.outlook ?? 0
    bars.push({
      name: word(stage),
      stage,
      measures: row?.measures ?? 0,
      value,
      from: at,
      to: at + value,
      fill: fillOf(stage),
      total: false,
    })
    at += value
  }
  const planAt = leakage.findIndex((step) => step.name === 'Plan')
  const outlookAt = leakage.findIndex((step) => step.name === 'Outlook')
  const plan = leakage[planAt]
  const outlook = leakage[outlookAt]
  if (!plan || !outlook) return bars
  const total = (step: Step, fill: Fill): Bar => ({
    name: step.name,
    stage: null,
    measures: step.measures,
    value: step.amount,
    from: 0,
    to: step.amount,
    fill,
    total: true,
  })
  bars.push(total(outlook, 'tot'))
  at = outlook.amount
  for (const step of leakage.slice(planAt + 1, outlookAt)) {
    const name = step.name === 'Below plan' && step.amount > 0 ? 'Above plan' : step.name
    bars.push({
      name,
      stage: null,
      measures: step.measures,
      value: step.amount,
      from: at,
      to: at - step.amount,
      fill: stepFill(step.name, step.amount),
      total: false,
    })
    at -= step.amount
  }
  bars.push(total(plan, 'planbar'))
  return bars
}

/** The span the bars need, zero included. */
export function extent(bars: readonly Bar[]): { low: number; high: number } {
  const ends = bars.flatMap((bar) => [bar.from, bar.to])
  return { low: Math.min(0, ...ends), high: Math.max(0, ...ends) }
}
