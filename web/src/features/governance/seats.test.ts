import { describe, expect, it } from 'vitest'
import type { SeatRowFragment } from '../../gql/documents'
import { byPerson, byPlace, matches, span, stateOf } from './seats'

const TODAY = '2026-06-18'
const seat = (given: Partial<SeatRowFragment> & { name?: string }): SeatRowFragment => ({
  __typename: 'Seat',
  id: given.name ?? 'x',
  revision: '1',
  role: 'SPONSOR',
  from: '2026-01-01',
  to: null,
  ratified: true,
  everywhere: false,
  readsMoney: true,
  readsLedger: false,
  at: { __typename: 'Program', id: 'p', name: 'Pricing', level: 'PROGRAM' },
  person: { id: given.name ?? 'x', name: given.name ?? 'Ada', email: null },
  acts: [],
  ...given,
})

describe('the state of a seat', () => {
  it('waits as long as nobody has ratified it, and is over after its last day', () => {
    expect(stateOf(seat({ ratified: false }), TODAY)).toBe('WAITING')
    expect(stateOf(seat({}), TODAY)).toBe('HOLDS')
    expect(stateOf(seat({ to: TODAY }), TODAY)).toBe('HOLDS')
    expect(stateOf(seat({ to: '2026-06-17', ratified: false }), TODAY)).toBe('OVER')
    expect(stateOf(seat({ from: '2026-07-01' }), TODAY)).toBe('LATER')
  })

  it('is told with its dates', () => {
    expect(span(seat({}), TODAY)).toBe('since 1 Jan 2026')
    expect(span(seat({ from: '2026-07-01' }), TODAY)).toBe('from 1 Jul 2026')
    expect(span(seat({ to: '2026-12-31' }), TODAY)).toBe('1 Jan to 31 Dec 2026')
    expect(span(seat({ to: '2026-05-03' }), TODAY)).toBe('ended 3 May 2026')
    expect(span(seat({ from: TODAY, to: '2026-06-17' }), TODAY)).toBe('never began')
  })
})

describe('the order of seats', () => {
  const seats = [
    seat({ name: 'Zoe' }),
    seat({ name: 'Ben', role: 'CONTROLLER' }),
    seat({ name: 'Eve', role: 'EXECUTIVE', everywhere: true, at: null }),
    seat({ name: 'Zoe', at: { __typename: 'Objective', id: 'o', name: 'Grow', level: 'OBJECTIVE' } }),
    seat({ name: 'Out', at: null }),
  ]

  it('goes by place from the top down, and by role within', () => {
    expect(byPlace(seats).map((group) => [group.key, ...group.seats.map((one) => one.person.name)])).toEqual([
      ['', 'Eve'],
      ['o', 'Zoe'],
      ['p', 'Zoe', 'Ben'],
      ['hidden', 'Out'],
    ])
  })

  it('goes by person, with the widest seat first', () => {
    const zoe = byPerson(seats).find((group) => group.key === 'Zoe')
    expect(zoe?.seats.map((one) => one.at?.name)).toEqual(['Grow', 'Pricing'])
  })
})

it('finds a seat by person, place or role', () => {
  expect(matches(seat({ name: 'Ada Alder' }), ' alder')).toBe(true)
  expect(matches(seat({}), 'pric')).toBe(true)
  expect(matches(seat({ role: 'PROGRAM_LEAD' }), 'program lead')).toBe(true)
  expect(matches(seat({}), 'controller')).toBe(false)
})
