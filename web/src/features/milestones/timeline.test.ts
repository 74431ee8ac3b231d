import { describe, expect, it } from 'vitest'
import { axisOf, nextDue, place } from './timeline'

describe('the axis of a timeline', () => {
  it('is whole quarters around every date and today', () => {
    const axis = axisOf(['2026-02-20', '2026-12-14'], '2026-06-18')
    expect([axis.from, axis.to]).toEqual(['2026-01-01', '2027-01-01'])
    expect(axis.quarters.map((quarter) => quarter.label)).toEqual(['Feb', 'May', 'Aug', 'Nov', ''])
    expect(axis.today).toBeCloseTo(46, 0)
    expect(place(axis, '2026-02-20')).toBeCloseTo(13.7, 1)
  })

  it('shows this quarter when there is no date', () => {
    expect(axisOf([], '2026-06-18')).toMatchObject({ from: '2026-04-01', to: '2026-07-01' })
  })

  it('names years and thins its labels when it is long', () => {
    const axis = axisOf(['2024-01-31', '2028-12-31'], '2026-06-18')
    const labels = axis.quarters.map((quarter) => quarter.label).filter(Boolean)
    expect(labels[0]).toBe('Feb 24')
    expect(labels.length).toBeLessThanOrEqual(8)
  })
})

describe('what is due next', () => {
  it('is the earliest open milestone, late ones included', () => {
    const milestone = (due: string, state: string) => ({ due, state })
    expect(nextDue([milestone('2026-12-04', 'DUE'), milestone('2026-01-09', 'ACHIEVED')])).toBe('2026-12-04')
    expect(nextDue([milestone('2026-12-04', 'DUE'), milestone('2026-11-01', 'LATE')])).toBe('2026-11-01')
    expect(nextDue([milestone('2026-01-09', 'CANCELLED')])).toBe('9999-12-31')
  })
})
