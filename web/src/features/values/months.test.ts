import { describe, expect, it } from 'vitest'
import { type MonthRow, seriesSum, varianceOf } from './months'

const month = (values: Partial<MonthRow>): MonthRow => ({
  month: '2026-01',
  plan: null,
  forecast: null,
  actual: null,
  confirmed: null,
  outlook: null,
  ...values,
})

describe('the months of a value line', () => {
  it('sum to nothing, not to zero, where no month has an amount', () => {
    expect(seriesSum([month({}), month({})], 'actual')).toBeNull()
    expect(seriesSum([month({ actual: 0 }), month({})], 'actual')).toBe(0)
    expect(seriesSum([month({ actual: 40 }), month({ actual: -5 })], 'actual')).toBe(35)
  })

  it('differ from plan by outlook less plan', () => {
    expect(varianceOf(month({}))).toBeNull()
    expect(varianceOf(month({ plan: 200, outlook: 160 }))).toBe(-40)
    expect(varianceOf(month({ outlook: 30 }))).toBe(30)
  })
})
