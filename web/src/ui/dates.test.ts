import { describe, expect, it } from 'vitest'
import { fiscalYear, periodsAround } from '../app/period'
import { addDays, addMonths, ago, day, dayOf, daysBetween, endOfDay, instant, monthsBetween, share } from './dates'

describe('months', () => {
  it('are counted across years in both directions', () => {
    expect(addMonths('2026-11', 3)).toBe('2027-02')
    expect(addMonths('2026-01', -1)).toBe('2025-12')
    expect(monthsBetween('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
    expect(monthsBetween('2026-02', '2026-01')).toEqual([])
  })
})

describe('a day', () => {
  it('says its year only when it is another', () => {
    expect(day('2026-06-18', '2026-01-01')).toBe('18 Jun')
    expect(day('2025-09-12', '2026-01-01')).toBe('12 Sep 2025')
  })

  it('is counted across months and years', () => {
    expect(addDays('2026-12-25', 14)).toBe('2027-01-08')
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
  })

  it('is that of the organization, wherever the reader sits', () => {
    expect(dayOf('2026-06-17T22:30:00Z', 'Europe/Berlin')).toBe('2026-06-18')
    expect(dayOf('2026-06-17T22:30:00Z', 'America/New_York')).toBe('2026-06-17')
    expect(instant('2026-06-18T12:02:00Z', 'Europe/Berlin')).toContain('14:02')
  })

  it('is as far from another as the calendar says, summer time or not', () => {
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2)
    expect(share('2026-07-02', '2026-01-01', '2027-01-01')).toBeCloseTo(0.4986, 3)
    expect(share('2020-01-01', '2026-01-01', '2027-01-01')).toBe(0)
  })
})

describe('how long ago', () => {
  it('is said in the largest whole unit', () => {
    const now = Date.parse('2026-06-18T12:00:00Z')
    expect(ago('2026-06-18T11:59:30Z', now)).toBe('Just now')
    expect(ago('2026-06-18T11:49:00Z', now)).toBe('11 min')
    expect(ago('2026-06-18T09:00:00Z', now)).toBe('3 h')
    expect(ago('2026-06-16T11:00:00Z', now)).toBe('2 d')
  })
})

describe('a fiscal year', () => {
  it('is named by the year it starts in, and by both when it spans two', () => {
    expect(fiscalYear('2026-06', 1)).toEqual({ from: '2026-01', to: '2026-12', label: 'FY 2026' })
    expect(fiscalYear('2026-03', 4)).toEqual({ from: '2025-04', to: '2026-03', label: 'FY 2025/26' })
    expect(fiscalYear('2026-04', 4)).toEqual({ from: '2026-04', to: '2027-03', label: 'FY 2026/27' })
  })

  it('is offered with its neighbours and its quarters', () => {
    const labels = periodsAround('2026-06-18', 1).map((period) => period.label)
    expect(labels).toEqual([
      'FY 2026',
      'FY 2025',
      'FY 2027',
      'Jan to Jun 2026',
      'Q1 2026',
      'Q2 2026',
      'Q3 2026',
      'Q4 2026',
    ])
  })
})

describe('the end of a day', () => {
  it('is its last second in the time zone, summer and winter', () => {
    expect(endOfDay('2026-06-18', 'Europe/Berlin')).toBe('2026-06-18T21:59:59.000Z')
    expect(endOfDay('2026-12-31', 'Europe/Berlin')).toBe('2026-12-31T22:59:59.000Z')
    expect(endOfDay('2026-10-25', 'Europe/Berlin')).toBe('2026-10-25T22:59:59.000Z')
    expect(endOfDay('2026-01-01', 'Pacific/Kiritimati')).toBe('2026-01-01T09:59:59.000Z')
  })
})
