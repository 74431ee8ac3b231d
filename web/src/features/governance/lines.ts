/** Lines of a text, counted from 1 as the server counts them. */

export const lineCount = (text: string): number => text.split('\n').length

/** From where to where a line stands in the text; past its end the last one. */
export function lineRange(text: string, line: number): [start: number, end: number] {
  const lines = text.split('\n')
  const index = Math.min(Math.max(line, 1), lines.length) - 1
  const start = lines.slice(0, index).reduce((sum, before) => sum + before.length + 1, 0)
  return [start, start + (lines[index] ?? '').length]
}
