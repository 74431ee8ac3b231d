import { Fragment, type ReactNode } from 'react'
import { NodeLink } from '../../app/NodeLink'
import type { FactRowFragment } from '../../gql/documents'
import { digits, NONE } from '../../ui/numbers'

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

function Linked({ text, node }: { text: string; node: FactRowFragment['on'] }): ReactNode {
  const name = node && 'name' in node ? node.name : null
  const at = name ? text.indexOf(name) : -1
  if (!node || !name || at < 0) return text
  return (
    <Fragment>
      {text.slice(0, at)}
      <NodeLink node={node}>{name}</NodeLink>
      {text.slice(at + name.length)}
    </Fragment>
  )
}

const shown = (value: string | null): string => {
  if (value === null || value === '') return NONE
  const text = /^-?\d+(\.\d+)?$/.test(value) ? digits(value).replace(/\.00$/, '') : value
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}

/** "170,000 → 180,000": what one fact changed, in short. */
export function changeText(fact: FactRowFragment): string {
  const [first, ...others] = fact.changes
  if (!first) return ''
  const text = `${shown(first.before)} → ${shown(first.after)}`
  return others.length > 0 ? `${text} and ${others.length} more` : text
}
