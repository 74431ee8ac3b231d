import { describe, expect, it } from 'vitest'
import { changed, deltaOf, newAmount, type Slot, shifted, sumOf, unreadable } from './difference'

const slot = (month: string, now: string): Slot => ({ key: month, label: month, now })
const YEAR = [slot('2027-01', '100.00'), slot('2027-02', '200.00'), slot('2027-03', '')]

describe('a proposed plan', () => {
  it('changes nothing as long as it says the same', () => {
    expect(changed(YEAR, {})).toEqual([])
    expect(changed(YEAR, { '2027-01': '100', '2027-03': '  ' })).toEqual([])
  })

  it('differs where another amount stands, in what a person writes', () => {
    const edits = { '2027-01': '1 250,50', '2027-02': '', '2027-03': '−40' }
    expect(changed(YEAR, edits).map((one) => [one.key, newAmount(one, edits)])).toEqual([
      ['2027-01', '1250.50'],
      ['2027-02', ''],
      ['2027-03', '-40'],
    ])
    expect(YEAR.map((one) => deltaOf(one, edits))).toEqual([1150.5, -200, -40])
    expect(sumOf(YEAR, edits)).toBe(910.5)
  })

  it('knows a text that is no number, and adds nothing for it', () => {
    const edits = { '2027-01': 'a lot' }
    expect(unreadable(YEAR, edits).map((one) => one.key)).toEqual(['2027-01'])
    expect(sumOf(YEAR, edits)).toBe(0)
  })

  it('can come later from a month on', () => {
    const edits = shifted(YEAR, 1, 1)
    expect(YEAR.map((one) => newAmount(one, edits))).toEqual(['100.00', '', '200.00'])
  })
})
