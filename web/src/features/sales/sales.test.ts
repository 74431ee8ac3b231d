import { describe, expect, it } from 'vitest'
import { alignmentOf, dueBy, figuresOf } from './sales'

const slice = (quota: string, won: string, open: string, winRate: string | null) => ({
  quota: { amount: quota },
  won: { amount: won },
  openPipeline: { amount: open },
  winRate,
})

describe('the figures of a slice', () => {
  it('are none where there is no quota and nothing closed', () => {
    expect(figuresOf(slice('0', '0', '500', null))).toMatchObject({
      attainment: null,
      gap: null,
      coverage: null,
      required: null,
      short: false,
    })
  })

  it('follow the law: coverage is of what remains, required is one over the win rate', () => {
    const figures = figuresOf(slice('4800', '1936', '6330', '0.388889'))
    expect(figures.attainment).toBeCloseTo(0.4033, 3)
    expect(figures.gap).toBe(2864)
    expect(figures.coverage).toBeCloseTo(2.21, 2)
    expect(figures.required).toBeCloseTo(2.571, 2)
    expect(figures.short).toBe(true)
  })

  it('know no coverage once the quota is reached', () => {
    expect(figuresOf(slice('100', '120', '50', '0.5'))).toMatchObject({ gap: 0, coverage: null, short: false })
  })
})

describe('the quota due by a day', () => {
  const months = ['2026-05', '2026-06', '2026-07'].map((month) => ({ month, quota: 300 }))

  it('is full for past months, by days for the current one, and nothing for later ones', () => {
    expect(dueBy(months, '2026-06-15')).toBe(450)
    expect(dueBy(months, '2026-04-30')).toBe(0)
    expect(dueBy([{ month: '2026-12', quota: 310 }], '2026-12-31')).toBe(310)
  })
})

describe('incentive alignment', () => {
  const lena = { id: 'l', name: 'Lena' }
  const marek = { id: 'm', name: 'Marek' }

  it('is unknown without a weight', () => {
    expect(alignmentOf([], 'plan', [])).toEqual({ sellers: [], share: null })
  })

  it('counts what points at the plan and at what stands above it', () => {
    const { sellers, share } = alignmentOf(
      [
        { seller: lena, name: 'Contract value', weight: '40', rewards: { id: 'plan' } },
        { seller: lena, name: 'Service margin', weight: '20', rewards: { id: 'above' } },
        { seller: lena, name: 'New pumps', weight: '40', rewards: null },
        { seller: marek, name: 'New pumps', weight: '100', rewards: { id: 'other' } },
      ],
      'plan',
      ['above'],
    )
    expect(sellers.map((row) => [row.seller.name, row.aligned])).toEqual([
      ['Lena', 60],
      ['Marek', 0],
    ])
    expect(share).toBeCloseTo(0.3)
  })
})
