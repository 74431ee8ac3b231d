import { useQuery } from '@apollo/client/react'
import { useDeferredValue, useState } from 'react'
import { type Level, MoveNodeDocument, ParentChoicesDocument } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { ActDialog } from '../../ui/Dialog'
import { SelectField, TextField, text } from '../../ui/fields'
import { say } from '../../ui/toast'
import { LEVELS, word } from '../../ui/words'
import type { Subject } from './NodeActs'

/** An objective may stand under an objective or alone; every other level stands under the one above it. */
const parentLevel = (level: Level): Level => LEVELS[Math.max(0, LEVELS.indexOf(level) - 1)] ?? 'OBJECTIVE'

export function MoveDialog({ node, onClose, onMoved }: { node: Subject; onClose: () => void; onMoved: () => void }) {
  const { act, busy, no } = useAct(MoveNodeDocument)
  const seen = useSeenRevision(node.revision, no)
  const [typed, setTyped] = useState('')
  const search = useDeferredValue(typed.trim())
  const above = parentLevel(node.level)
  const { data, previousData } = useQuery(ParentChoicesDocument, {
    variables: { levels: [above], search: search || null },
  })
  const found = ((data ?? previousData)?.organization?.nodes.edges ?? [])
    .map((edge) => edge.node)
    .filter((one) => one.id !== node.id)
  const choices = found.map((one) => ({
    value: one.id,
    label: one.parent ? `${one.name} (${one.parent.name})` : one.name,
  }))
  if (node.level === 'OBJECTIVE') choices.unshift({ value: '', label: 'At the top, under nothing' })
  const send = async (fields: FormData) => {
    if (!(await act({ node: node.id, parent: text(fields, 'parent'), expectedRevision: seen }))) return
    say(`“${node.name}” moved.`)
    onClose()
    onMoved()
  }
  return (
    <ActDialog
      title={`Move “${node.name}”`}
      submit="Move"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="A move is recorded; everything below moves with it."
    >
      <TextField
        label={`Find the ${word(above).toLowerCase()}`}
        name="search"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        autoFocus
      />
      <SelectField
        label={`New ${word(above).toLowerCase()}`}
        name="parent"
        choices={choices}
        required={node.level !== 'OBJECTIVE'}
      />
    </ActDialog>
  )
}
