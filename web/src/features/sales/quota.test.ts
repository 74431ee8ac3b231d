import { describe, expect, it } from 'vitest'
import { type QuotaRow, wholeMonths } from './quota'

const row = (month: string, segment: string, amount: string): QuotaRow => ({
  month,
  dimension: 'TERRITORY',
  segment,
  amount: { amount, currency: 'EUR' },
})
const STANDING = [row('2027-01', 'North', '10'), row('2027-01', 'South', '20'), row('2027-02', 'North', '30')]

describe('quota that changes in one segment', () => {
  it('goes with the other segments of its month, for the server replaces months whole', () => {
    const changed = { month: '2027-01', dimension: 'TERRITORY', segment: 'North', amount: '11' } as const
    expect(wholeMonths(STANDING, [changed])).toEqual([
      { month: '2027-01', dimension: 'TERRITORY', segment: 'South', amount: '20' },
      changed,
    ])
  })

  it('is nothing where an amount was taken away', () => {
    const emptied = { month: '2027-02', dimension: 'TERRITORY', segment: 'North', amount: '' } as const
    expect(wholeMonths(STANDING, [emptied])).toEqual([{ ...emptied, amount: '0' }])
    expect(wholeMonths(STANDING, [])).toEqual([])
  })
})
