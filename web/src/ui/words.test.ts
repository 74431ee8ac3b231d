import { afterEach, describe, expect, it } from 'vitest'
import { callBy, kindsTogether, standardWord, word } from './words'

afterEach(() => callBy({}))

describe('words', () => {
  it('reads the values of the API as people write them', () => {
    expect(word('SALES_PLAN')).toBe('Sales plan')
    expect(word('CAPEX')).toBe('Capex')
    expect(kindsTogether(['MARGIN', 'ONE_OFF_COST'])).toBe('Margin + one-off cost')
  })

  it('calls levels and stages as the policy does, and everything else as before', () => {
    callBy({ PROGRAM: 'Workstream', DECIDED: 'Committed' })
    expect(word('PROGRAM')).toBe('Workstream')
    expect(word('DECIDED')).toBe('Committed')
    expect(word('PROGRAM_LEAD')).toBe('Program lead')
    expect(standardWord('PROGRAM')).toBe('Program')
  })
})
