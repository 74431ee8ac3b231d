import { Fragment, type ReactNode } from 'react'
import { NodeLink } from '../../app/NodeLink'
import type { FactKind, FactRowFragment } from '../../gql/documents'
import { Glyph } from '../../ui/Glyph'
import { digits, NONE, symbol } from '../../ui/numbers'
import { word } from '../../ui/words'

/** The sentence of a fact with who did it before it, and what it happened to as a link where it is named. */
export function FactSentence({ fact }: { fact: FactRowFragment }) {
  const { by, on, sentence } = fact
  const rest = by && sentence.startsWith(by.name) ? sentence.slice(by.name.length).trim() : sentence
  const startsLow = rest.charAt(0) === rest.charAt(0).toLowerCase()
  return (
    <>
      {by && <span className="p">{by.name}</span>}
      {by && (startsLow ? ' ' : ': ')}
      <Linked text={rest} node={on} />
    </>
  )
}

/** What can be opened from a fact: what it is about, or the measure that a milestone belongs to. */
function target(on: FactRowFragment['on']): { __typename: string; id: string; name: string } | null {
  if (on && 'under' in on) return on.under
  return on && 'name' in on ? on : null
}

function Linked({ text, node }: { text: string; node: FactRowFragment['on'] }): ReactNode {
  const linked = target(node)
  const at = linked ? text.lastIndexOf(linked.name) : -1
  if (!linked || at < 0) return text
  return (
    <Fragment>
      {text.slice(0, at)}
      <NodeLink node={linked}>{linked.name}</NodeLink>
      {text.slice(at + linked.name.length)}
    </Fragment>
  )
}

const LONGEST = 40

/** A stored value as a screen writes it: amounts grouped with their symbol, enum values as words. */
function shown(value: string | null): string {
  if (value === null || value === '') return NONE
  const amount = /^(-?[\d,]+(?:\.\d+)?)( [A-Z]{3})?$/.exec(value)
  if (amount?.[1]) {
    const plain = digits(amount[1].replaceAll(',', '')).replace(/\.00$/, '')
    return amount[2] ? `${plain} ${symbol(amount[2].trim())}` : plain
  }
  const text = /^[A-Z][A-Z_]{2,}$/.test(value) ? word(value) : value
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}

/** The facts whose before and after are worth a line; what the others did is in their sentence. */
const TOLD: FactKind[] = [
  'NODE_CHANGED',
  'STAGE_CHANGED',
  'STANDING_CHANGED',
  'VALUE_CHANGED',
  'VALUE_CONFIRMED',
  'QUOTA_CHANGED',
  'MILESTONE_CHANGED',
]

const isId = (value: string | null) => value !== null && /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value)

/** "170,000 → 180,000": what one fact changed, in short. What is new as a whole is not told field by field. */
export function changeText(fact: Pick<FactRowFragment, 'changes' | 'kind'>): string {
  const changes = fact.changes.filter((one) => !isId(one.before) && !isId(one.after))
  const [first, ...others] = changes
  const allNew = others.length > 0 && changes.every((one) => one.before === null && !/\d{4}-\d{2}$/.test(one.field))
  if (!first || allNew || !TOLD.includes(fact.kind)) return ''
  const text = `${shown(first.before)} → ${shown(first.after)}`
  return others.length > 0 ? `${first.field}: ${text}, ${others.length} more` : text
}

/** The same on a screen, with an arrow that every screen can draw. */
export function Change({ fact }: { fact: Pick<FactRowFragment, 'changes' | 'kind'> }) {
  const [before, ...after] = changeText(fact).split(' → ')
  return (
    <>
      {before}
      {after.length > 0 && (
        <>
          {' '}
          <Glyph name="right" word="to" /> {after.join(' to ')}
        </>
      )}
    </>
  )
}
