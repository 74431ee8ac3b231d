import { expect, it } from 'vitest'
import { lineCount, lineRange } from './lines'

const TEXT = 'gates:\n  DECIDED:\n\nlights: x'

it('finds where a line stands, so that the editor can jump there', () => {
  const shown = (line: number) => TEXT.slice(...lineRange(TEXT, line))
  expect([1, 2, 3, 4].map(shown)).toEqual(['gates:', '  DECIDED:', '', 'lights: x'])
  expect(shown(99)).toBe('lights: x')
  expect(shown(0)).toBe('gates:')
  expect(lineCount(TEXT)).toBe(4)
})
