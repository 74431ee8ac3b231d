import { describe, expect, it } from 'vitest'
import { groupsOf, type PlanNow, wantedOf } from './groups'

const milestone = (id: string, state: string) => ({ node: { id, name: `Milestone ${id}`, due: '2027-03-01', state } })
const INITIATIVE = {
  __typename: 'Initiative',
  milestones: { edges: [milestone('m1', 'PLANNED'), milestone('m2', 'ACHIEVED')] },
  valueLines: [
    {
      id: 'v1',
      name: 'Margin',
      currency: 'EUR',
      months: [
        { month: '2026-10', plan: { amount: '50.00' } },
        { month: '2026-12', plan: { amount: '100.50' } },
      ],
    },
  ],
} as unknown as PlanNow
const PLAN = {
  __typename: 'SalesPlan',
  milestones: { edges: [] },
  quota: [
    { month: '2026-12', dimension: 'TERRITORY', segment: 'North', amount: { amount: '10', currency: 'EUR' } },
    { month: '2026-12', dimension: 'TERRITORY', segment: 'South', amount: { amount: '20', currency: 'EUR' } },
  ],
} as unknown as PlanNow

describe('what a change request may touch', () => {
  it('is this month and later ones, a year behind the last included, and milestones that are still to come', () => {
    const [line, dates] = groupsOf(INITIATIVE, '2026-11')
    expect(line?.slots.length).toBe(14)
    expect(line?.slots.slice(0, 2).map((slot) => [slot.label, slot.now])).toEqual([
      ['Nov 2026', ''],
      ['Dec 2026', '100.50'],
    ])
    expect(dates?.slots.map((slot) => [slot.key, slot.now])).toEqual([['m1', '2027-03-01']])
  })

  it('is sent by line and month, an emptied month as none, and only what differs', () => {
    const groups = groupsOf(INITIATIVE, '2026-11')
    expect(wantedOf(INITIATIVE, groups, {})).toEqual({})
    const edits = { 'v1#2026-12': '', 'v1#2027-01': '100,50', m1: '2027-04-01' }
    expect(wantedOf(INITIATIVE, groups, edits)).toEqual({
      plan: [
        {
          line: 'v1',
          months: [
            { month: '2026-12', amount: null },
            { month: '2027-01', amount: '100.50' },
          ],
        },
      ],
      dueDates: [{ milestone: 'm1', due: '2027-04-01' }],
    })
  })

  it('of a sales plan is its quota, each month with all of its segments', () => {
    const groups = groupsOf(PLAN, '2026-11')
    expect(groups.map((group) => group.name)).toEqual(['North (territory)', 'South (territory)'])
    const { quota } = wantedOf(PLAN, groups, { [`${groups[0]?.key}#2026-12`]: '15' })
    expect(quota).toEqual([
      { month: '2026-12', dimension: 'TERRITORY', segment: 'South', amount: '20' },
      { month: '2026-12', dimension: 'TERRITORY', segment: 'North', amount: '15' },
    ])
  })
})
