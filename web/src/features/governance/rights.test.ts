import { describe, expect, it } from 'vitest'
import { firstSentence, type RightsRow, reasons, rowsOf, stageRange } from './rights'

const right = (given: Partial<RightsRow>): RightsRow => ({
  act: 'setPlan',
  role: 'OWNER',
  level: 'INITIATIVE',
  stage: 'DEFINED',
  allowed: true,
  ...given,
})

describe('the table of rights', () => {
  it('is folded to one cell for an act and a role', () => {
    const rows = rowsOf(
      [
        right({}),
        right({ stage: 'DECIDED', allowed: false }),
        right({ role: 'SPONSOR', allowed: false }),
        right({ role: 'SPONSOR', stage: 'DECIDED', allowed: false }),
        right({ act: 'addPerson', role: 'ADMIN', level: null, stage: null }),
      ],
      'INITIATIVE',
    )
    expect(rows.map((row) => row.act)).toEqual(['setPlan'])
    expect(rows[0]?.cells.get('OWNER')).toEqual(['DEFINED'])
    expect(rows[0]?.cells.get('SPONSOR')).toBe('never')
    expect(rowsOf([right({ level: null, stage: null })], null)[0]?.cells.get('OWNER')).toBe('always')
  })

  it('tells stages by their numbers', () => {
    expect(stageRange(['DEFINED', 'IDENTIFIED', 'DETAILED'])).toBe('0–2')
    expect(stageRange(['DEFINED', 'DECIDED', 'IMPLEMENTED'])).toBe('0, 3–4')
  })

  it('tells each reason once, and where it holds', () => {
    const why = (stage: RightsRow['stage'], reason: string | null) => ({ ...right({ stage }), why: reason })
    expect(
      reasons([
        why('DEFINED', 'Only the owner may do this.'),
        why('DECIDED', 'Only the owner may do this.'),
        why('DEFINED', null),
        why('DECIDED', 'It is frozen.'),
      ]),
    ).toEqual([
      { why: 'Only the owner may do this.', stages: [] },
      { why: 'It is frozen.', stages: ['DECIDED'] },
    ])
  })

  it('names an act by its first sentence', () => {
    expect(firstSentence('Set the plan. Months left out stay.')).toBe('Set the plan.')
    expect(firstSentence('Lend the vote')).toBe('Lend the vote')
  })
})
