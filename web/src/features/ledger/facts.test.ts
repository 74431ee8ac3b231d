import { describe, expect, it } from 'vitest'
import type { FactKind } from '../../gql/documents'
import { changeText } from './facts'

const change = (field: string, before: string | null, after: string | null) => ({ field, before, after })
const fact = (kind: FactKind, ...changes: ReturnType<typeof change>[]) => ({ kind, changes })

describe('what a fact changed, in short', () => {
  it('is nothing for what is new as a whole', () => {
    expect(changeText(fact('NODE_CREATED', change('level', null, 'SALES_PLAN'), change('name', null, 'East')))).toBe('')
    expect(changeText(fact('GATE_SUBMITTED', change('into', null, 'DECIDED')))).toBe('')
    expect(changeText(fact('VALUE_CHANGED', change('kind', null, 'MARGIN'), change('name', null, 'Margin')))).toBe('')
    expect(changeText(fact('NODE_CHANGED', change('owner', null, '01a205af-3658-77c6-b5dd-9f98096616a4')))).toBe('')
  })

  it('writes amounts as the screen does, without cents that say nothing', () => {
    expect(changeText(fact('VALUE_CHANGED', change('forecast', '170,000.00 EUR', '-180,000.50 EUR')))).toBe(
      '170,000 € → \u2212180,000.50 €',
    )
  })

  it('names the field when there are several, and counts the rest', () => {
    const text = changeText(
      fact('STAGE_CHANGED', change('stage', 'DEFINED', 'IDENTIFIED'), change('risks', null, 'None')),
    )
    expect(text).toBe('stage: Defined → Identified, 1 more')
  })

  it('cuts long texts', () => {
    expect(changeText(fact('NODE_CHANGED', change('description', null, 'x'.repeat(99)))).length).toBeLessThan(50)
  })
})
