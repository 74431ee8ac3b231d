import { describe, expect, it } from 'vitest'
import { STAGES } from '../../ui/words'
import { extent, waterfall } from './waterfall'

const OUTLOOKS = [1.1, 3.6, 5.2, 13.1, 12.3, 5.3]
const funnel = STAGES.map((stage, index) => ({ stage, measures: index + 1, outlook: OUTLOOKS[index] ?? 0 }))
const step = (name: string, amount: number, measures: number | null = 1) => ({ name, amount, measures })
const LEAKAGE = [
  step('Plan', 47.1, 27),
  step('On hold', -1.4),
  step('Cancelled', -0.9),
  step('Below plan', -4.2, null),
  step('Outlook', 40.6, 25),
  step('Not yet confirmed', -34.9),
  step('Confirmed', 5.7),
]

describe('the waterfall', () => {
  const bars = waterfall(funnel, LEAKAGE)
  const at = (name: string) => bars.find((bar) => bar.name === name)

  it('starts with what is closed, and each stage goes on where the last one ended', () => {
    expect(bars.slice(0, 6).map((bar) => bar.stage)).toEqual([...STAGES].reverse())
    expect(bars[0]).toMatchObject({ from: 0, to: 5.3, fill: 'act', measures: 6 })
    for (let index = 1; index < 6; index++) expect(bars[index]?.from).toBeCloseTo(bars[index - 1]?.to ?? Number.NaN)
    expect(at('Decided')?.fill).toBe('fc')
    expect(at('Defined')?.fill).toBe('plan')
  })

  it('adds the stages up to the outlook, and the gap up to the plan', () => {
    expect(bars[5]?.to).toBeCloseTo(40.6)
    expect(at('Outlook')).toMatchObject({ from: 0, to: 40.6, total: true })
    expect(at('Below plan')?.to).toBeCloseTo(47.1)
    expect(at('Plan')).toMatchObject({ from: 0, to: 47.1, total: true })
  })

  it('has one bar in colour, and none of what comes after the outlook', () => {
    expect(bars.filter((bar) => bar.fill === 'low').map((bar) => bar.name)).toEqual(['Below plan'])
    expect(at('Below plan')?.measures).toBeNull()
    expect(at('Not yet confirmed')).toBeUndefined()
  })

  it('turns to blue when the outlook is above the plan', () => {
    const better = waterfall(funnel, [step('Plan', 38), step('Below plan', 2.6), step('Outlook', 40.6)])
    expect(better.at(-2)).toMatchObject({ name: 'Above plan', fill: 'high', from: 40.6, to: 38 })
    expect(extent(better)).toMatchObject({ low: 0 })
    expect(extent(better).high).toBeCloseTo(40.6)
  })

  it('reaches below zero when a branch loses money', () => {
    const losing = waterfall(
      [{ stage: 'DECIDED', measures: 1, outlook: -3 }],
      [step('Plan', 2), step('Below plan', -5), step('Outlook', -3)],
    )
    expect(extent(losing)).toEqual({ low: -3, high: 2 })
  })

  it('shows the stages alone when the server sends no leakage', () => {
    expect(waterfall(funnel, [])).toHaveLength(6)
  })
})
