import { parse, print } from 'graphql'
import { describe, expect, it } from 'vitest'
import { pinned } from './past'

const told = (text: string, moment: { asOf: string } | { asOfTime: string }) =>
  print(pinned(parse(text), moment)).replace(/\s+/g, ' ')

describe('a document of the past', () => {
  it('asks every root field that reads the past for that moment, and keeps what it was asked with', () => {
    const text = 'query Q($id: ID!) { organization { name } node(id: $id) { ...N } } fragment N on Node { id }'
    const answer = told(text, { asOf: '12' })
    expect(answer).toContain('organization(asOf: "12") { name }')
    expect(answer).toContain('node(id: $id, asOf: "12") { ...N }')
    expect(answer).toContain('fragment N on Node { id }')
  })

  it('leaves the ledger, what is nested, mutations and subscriptions alone', () => {
    const moment = { asOfTime: '2026-06-18T21:59:59.000Z' }
    expect(told('{ ledger { totalCount } viewer { organization { name } } }', moment)).not.toContain('asOf')
    expect(told('mutation { node(input: 1) { id } }', moment)).not.toContain('asOf')
    expect(told('subscription { watch(id: "a") { node { id } } }', moment)).not.toContain('asOf')
  })
})
