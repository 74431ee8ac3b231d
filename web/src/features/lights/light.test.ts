import { describe, expect, it } from 'vitest'
import { heat, isBetter } from './light'

describe('lights', () => {
  it('takes green over any other as better, and nothing as better than green', () => {
    expect(isBetter('GREEN', 'AMBER')).toBe(true)
    expect(isBetter('AMBER', 'RED')).toBe(true)
    expect(isBetter('GREEN', 'GREY')).toBe(true)
    expect(isBetter('RED', 'GREEN')).toBe(false)
    expect(isBetter('GREEN', 'GREEN')).toBe(false)
  })

  it('darkens a cell by its share of the fullest one', () => {
    expect([heat(0, 9), heat(1, 9), heat(4, 9), heat(9, 9)]).toEqual(['h0', 'h1', 'h2', 'h3'])
  })
})
