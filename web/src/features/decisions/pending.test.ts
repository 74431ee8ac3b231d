import { describe, expect, it } from 'vitest'
import type { PendingRowFragment } from '../../gql/documents'
import { isOld, pendingOf } from './pending'

const edge = (more: Partial<PendingRowFragment>): PendingRowFragment => ({
  role: 'SPONSOR',
  ageDays: 3,
  ifNothingHappens: 'It stays at Detailed.',
  atStake: { value: { amount: '940000.00', currency: 'EUR' } },
  onBehalfOf: null,
  change: null,
  node: {
    id: 'g',
    into: 'DECIDED',
    measure: { __typename: 'Initiative', id: 'i', name: 'Seal kits', level: 'INITIATIVE' },
  },
  ...more,
})

describe('what waits for a vote', () => {
  it('is a gate, with the stage it leads into', () => {
    expect(pendingOf(edge({}))).toMatchObject({ id: 'g', asked: 'Gate into Decided', kind: 'gate', lentBy: null })
  })

  it('is a change of a plan, or a reopening', () => {
    expect(pendingOf(edge({ change: { id: 's', purpose: 'CHANGE' } }))).toMatchObject({
      asked: 'Change of the plan',
      kind: 'change',
    })
    expect(pendingOf(edge({ change: { id: 's', purpose: 'REOPENING' } })).asked).toBe('Reopening')
  })

  it('says whose vote it is where that was lent, and bears a sign once it is old', () => {
    expect(pendingOf(edge({ onBehalfOf: { id: 'h', name: 'Henrik Aalto' } })).lentBy).toBe('Henrik Aalto')
    expect([14, 15].map((ageDays) => isOld({ ageDays }))).toEqual([false, true])
  })
})
