import { describe, expect, it } from 'vitest'
import { summed } from './sums'

describe('a sum of amounts in text', () => {
  it('is exact beyond what a float holds', () => {
    expect(summed(['90,071,992,547,409.93 EUR', '0.08 EUR'])).toEqual({
      amount: '90071992547410.01',
      currency: 'EUR',
    })
    expect(summed(['-1,000.50 EUR', '0.25 EUR'])).toEqual({ amount: '-1000.25', currency: 'EUR' })
    expect(summed(['-0.30 EUR', '0.25 EUR'])).toEqual({ amount: '-0.05', currency: 'EUR' })
    expect(summed(['1,200 JPY', '-200 JPY'])).toEqual({ amount: '1000', currency: 'JPY' })
  })

  it('is not told where an amount is hidden, or currencies differ', () => {
    expect(summed(['1.00 EUR', 'an amount'])).toBeNull()
    expect(summed(['1.00 EUR', '1.00 USD'])).toBeNull()
    expect(summed([])).toBeNull()
  })
})
