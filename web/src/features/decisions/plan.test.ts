import { describe, expect, it } from 'vitest'
import type { DecisionMeasureFragment } from '../../gql/documents'
import { kindsOf, planByMonth, quotaMonths, spansOf } from './plan'

const line = (kind: string, months: [string, string | null][]) => ({
  kind,
  months: months.map(([month, amount]) => ({ month, plan: amount === null ? null : { amount, currency: 'EUR' } })),
})
const initiative = (...valueLines: unknown[]) =>
  ({ __typename: 'Initiative', valueLines }) as unknown as DecisionMeasureFragment

describe('the plan a decision is about', () => {
  it('is that of the headline kinds, added up by month', () => {
    const measure = initiative(
      line('MARGIN', [
        ['2026-01', '100.50'],
        ['2026-02', null],
      ]),
      line('COST_SAVING', [['2026-01', '20']]),
      line('REVENUE', [['2026-01', '900']]),
    )
    const kinds = kindsOf(measure, ['MARGIN', 'COST_SAVING'])
    expect(kinds).toEqual(['MARGIN', 'COST_SAVING'])
    expect([...planByMonth(measure, kinds)]).toEqual([['2026-01', 120.5]])
  })

  it('is what there is where no line counts in the headline', () => {
    expect(kindsOf(initiative(line('COST_AVOIDANCE', [])), ['MARGIN'])).toEqual(['COST_AVOIDANCE'])
  })

  it('of a sales plan is its quota, all segments added up', () => {
    const plan = {
      __typename: 'SalesPlan',
      quota: [
        { month: '2026-07', amount: { amount: '10' } },
        { month: '2026-07', amount: { amount: '5' } },
      ],
    } as unknown as DecisionMeasureFragment
    expect([...planByMonth(plan, [])]).toEqual([['2026-07', 15]])
  })

  it('is drawn by month while the months are few, gaps included', () => {
    const spans = spansOf(
      new Map([
        ['2026-03', 3],
        ['2026-01', 1],
      ]),
    )
    expect(spans.map((one) => [one.label, one.amount])).toEqual([
      ['Jan', 1],
      ['Feb', 0],
      ['Mar', 3],
    ])
    expect(spansOf(new Map())).toEqual([])
  })

  it('is drawn by calendar quarter where the months are many', () => {
    const spans = spansOf(
      new Map([
        ['2026-02', 1],
        ['2026-03', 2],
        ['2027-06', 4],
      ]),
    )
    expect(spans.map((one) => one.key)).toEqual(['2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4', '2027-Q1', '2027-Q2'])
    expect(spans[0]?.amount).toBe(3)
    expect(spans.at(-1)?.amount).toBe(4)
  })

  it('is looked for two years back and three ahead', () => {
    expect(quotaMonths('2026-11-23')).toEqual({ quotaFrom: '2024-11', quotaTo: '2029-10' })
  })
})
