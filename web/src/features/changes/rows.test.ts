import { describe, expect, it } from 'vitest'
import type { DifferenceRowFragment } from '../../gql/documents'
import { changeGroups } from './rows'

const euro = (amount: string) => ({ amount, currency: 'EUR' })
const row = (more: Partial<DifferenceRowFragment>): DifferenceRowFragment => ({
  part: 'PLAN',
  name: 'Margin',
  month: null,
  segment: null,
  before: null,
  after: null,
  amount: null,
  dueBefore: null,
  dueAfter: null,
  days: null,
  weightBefore: null,
  weightAfter: null,
  sentence: 'told',
  ...more,
})

describe('what differs between two plans', () => {
  it('is grouped by line, with the sum of what differs', () => {
    const [group] = changeGroups(
      [
        row({ month: '2027-01', before: euro('104000.00'), after: euro('26000.50'), amount: euro('-77999.50') }),
        row({ month: '2027-02', after: euro('100000.00'), amount: euro('100000.00') }),
      ],
      '2026-11-23',
    )
    expect([group?.name, group?.unit, group?.total]).toEqual(['Margin', '€', '+22,000.50'])
    expect(group?.rows.map((one) => [one.what, one.before, one.after, one.difference])).toEqual([
      ['Jan 2027', '104,000', '26,000.50', '−77,999.50'],
      ['Feb 2027', '', '100,000', '+100,000'],
    ])
  })

  it('says of a date by how much it moves, of others that they are new or taken out', () => {
    const [group] = changeGroups(
      [
        row({ part: 'MILESTONE', name: 'Cell runs', dueBefore: '2027-02-01', dueAfter: '2027-05-02', days: 90 }),
        row({ part: 'MILESTONE', name: 'Second cell', dueAfter: '2027-07-01' }),
        row({ part: 'MILESTONE', name: 'Old cell', dueBefore: '2027-07-01' }),
      ],
      '2026-11-23',
    )
    expect(group?.rows.map((one) => one.difference)).toEqual(['90\u00a0days later', 'new', 'taken out'])
    expect(group?.total).toBeNull()
  })

  it('shows nothing of amounts that one may not read', () => {
    const [group] = changeGroups([row({ month: '2027-01' }), row({ month: '2027-02' })], '2026-11-23')
    expect([group?.total, group?.rows[0]?.before, group?.rows[0]?.difference]).toEqual([null, '', ''])
  })
})
