import { describe, expect, it } from 'vitest'
import {
  bytes,
  compact,
  digits,
  exact,
  MINUS,
  NBSP,
  percent,
  readable,
  scaleFor,
  signed,
  symbol,
  times,
  typedDecimal,
  unitOf,
} from './numbers'

const MILLIONS = { divisor: 1e6, prefix: 'M' } as const
const THOUSANDS = { divisor: 1e3, prefix: 'k' } as const

describe('a compact number', () => {
  it('carries a true minus and one decimal in millions', () => {
    expect(compact('-6540000.00', MILLIONS)).toBe(`${MINUS}6.5`)
    expect(compact('47200000', MILLIONS, 2)).toBe('47.20')
  })

  it('is whole in thousands, and grouped', () => {
    expect(compact('2120400.00', THOUSANDS)).toBe('2,120')
  })

  it('never shows a minus before a zero', () => {
    expect(compact('-0.01', MILLIONS)).toBe('0.0')
    expect(signed('-0.01', MILLIONS)).toBe('0.0')
  })

  it('is a dot where there is no amount, which is not a zero', () => {
    expect(compact(null, MILLIONS)).toBe('·')
    expect(signed(undefined, MILLIONS)).toBe('·')
    expect(compact('0', THOUSANDS)).toBe('0')
  })

  it('always has its sign as a variance', () => {
    expect(signed('300000', MILLIONS, 2)).toBe('+0.30')
    expect(signed('-380000', THOUSANDS)).toBe(`${MINUS}380`)
  })
})

describe('an exact amount', () => {
  it('keeps every digit of a decimal that no float could hold', () => {
    expect(digits('-90071992547409931.07')).toBe(`${MINUS}90,071,992,547,409,931.07`)
  })

  it('has its currency behind a space that does not break', () => {
    expect(exact({ amount: '1234.50', currency: 'EUR' })).toBe(`1,234.50${NBSP}€`)
    expect(exact({ amount: '12', currency: 'XTS' })).toBe(`12${NBSP}XTS`)
    expect(exact(null)).toMatch(/no amount/)
    expect(readable('-2105426.00 EUR')).toBe(`${MINUS}2,105,426.00${NBSP}€`)
    expect(readable('14 won, 22 lost')).toBe('14 won, 22 lost')
  })

  it('names a currency nobody knows by its code', () => {
    expect(symbol('nonsense')).toBe('nonsense')
  })
})

describe('the scale of a card', () => {
  it('is chosen once, by the largest amount', () => {
    expect(unitOf(scaleFor(['-47200000', '12', null]), 'EUR')).toBe(`M${NBSP}€`)
    expect(unitOf(scaleFor([360_000]), 'EUR')).toBe(`k${NBSP}€`)
    expect(unitOf(scaleFor([]), 'USD')).toBe('$')
  })
})

describe('a ratio', () => {
  it('is a percentage or a multiple, or a dot', () => {
    expect(percent('0.631501', 1)).toBe(`63.2${NBSP}%`)
    expect(times('2.57')).toBe('2.6×')
    expect(percent(null)).toBe('·')
    expect(times(undefined)).toBe('·')
  })
})

describe('what a person types', () => {
  it('is refused when it is no number', () => {
    for (const typed of ['', 'abc', '1e400', 'NaN', '12,34,5', '1.2.3', '--5']) expect(typedDecimal(typed)).toBeNull()
  })

  it('becomes the decimal string it means', () => {
    expect(typedDecimal('1,234,567.80')).toBe('1234567.80')
    expect(typedDecimal(` ${MINUS}12 500 `)).toBe('-12500')
    expect(typedDecimal('12,5')).toBe('12.5')
    expect(typedDecimal('1,234')).toBe('1234')
    expect(typedDecimal('0.30')).toBe('0.30')
  })
})

describe('the size of a file', () => {
  it('is told in the unit that suits it', () => {
    expect(bytes(12)).toBe(`1${NBSP}kB`)
    expect(bytes(840_400)).toBe(`840${NBSP}kB`)
    expect(bytes(12_340_000)).toBe(`12.3${NBSP}MB`)
  })
})
