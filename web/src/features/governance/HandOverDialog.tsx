import { useApolloClient } from '@apollo/client/react'
import { useState } from 'react'
import { NodeLink } from '../../app/NodeLink'
import { useOrganization } from '../../app/session'
import {
  type DeskFragment,
  type DeskThingFragment,
  HandOverDeskDocument,
  PreviewHandoverDocument,
} from '../../gql/documents'
import { type No, useAct } from '../../gql/useAct'
import { ActDialog, Dialog } from '../../ui/Dialog'
import { DateField, required, TextField, text } from '../../ui/fields'
import { plural } from '../../ui/numbers'
import { CloseButton } from '../../ui/parts'
import { word } from '../../ui/words'
import { PersonField } from '../people/PersonField'

function Things({ title, things }: { title: string; things: readonly DeskThingFragment[] }) {
  if (things.length === 0) return null
  return (
    <div>
      <h3>
        {title} <span className="num">{things.length}</span>
      </h3>
      <ul className="desk">
        {things.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one thing may lie there under several roles
          <li key={index}>
            <span>
              {one.thing ? <NodeLink node={one.thing}>{one.name}</NodeLink> : one.name}
              {one.role && <small className="k"> {word(one.role).toLowerCase()}</small>}
            </span>
            <small className="k">{one.sentence}</small>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Desk({ desk, told }: { desk: DeskFragment; told: string }) {
  return (
    <>
      <p>
        <b>{told}</b>
      </p>
      <Things title="Stays, with the reason" things={desk.kept} />
      <Things title="Moves" things={desk.moved} />
      <Things title="Ends" things={desk.ended} />
    </>
  )
}

/** "39 things would move, 6 would stay." */
const wouldWords = ({ moved, kept, ended }: DeskFragment): string =>
  [
    `${plural(moved.length, 'thing')} would move`,
    ...(ended.length > 0 ? [`${ended.length} would end`] : []),
    ...(kept.length > 0 ? [`${kept.length} would stay`] : []),
  ].join(', ')

type Preview = { from: string; to: string; desk: DeskFragment }

/** A leaver's whole desk to a successor: what moves and what stays is shown first, and done when one has seen it. */
export function HandOverDialog({ onClose }: { onClose: () => void }) {
  const { act, busy, no } = useAct(HandOverDeskDocument)
  const client = useApolloClient()
  const { today } = useOrganization()
  const [preview, setPreview] = useState<Preview | null>(null)
  const [unseen, setUnseen] = useState<No | null>(null)
  const [looking, setLooking] = useState(false)
  const [done, setDone] = useState<DeskFragment | null>(null)

  const look = async (from: string, to: string) => {
    setLooking(true)
    setUnseen(null)
    try {
      const variables = { from, to }
      const { data } = await client.query({ query: PreviewHandoverDocument, variables, fetchPolicy: 'network-only' })
      if (data) setPreview({ from, to, desk: data.previewHandover })
    } catch (problem) {
      setPreview(null)
      setUnseen({ code: 'INVALID', message: (problem as Error).message, details: [], path: [] })
    } finally {
      setLooking(false)
    }
  }
  const send = async (fields: FormData) => {
    const [from, to] = [required(fields, 'from'), required(fields, 'to')]
    if (preview?.from !== from || preview.to !== to) return look(from, to)
    const handed = await act({ from, to, on: text(fields, 'on'), reason: required(fields, 'reason') })
    if (handed) setDone(handed)
  }

  if (done)
    return (
      <Dialog title="The desk is handed over" onClose={onClose} wide>
        <div className="dlg">
          <div className="dlg-h">
            <h2>The desk is handed over</h2>
            <CloseButton onClick={onClose} />
          </div>
          <div className="dlg-b">
            <Desk desk={done} told={done.sentence} />
          </div>
          <div className="dlg-f">
            <button type="button" className="btn primary" onClick={onClose}>
              Done
            </button>
          </div>
        </div>
      </Dialog>
    )
  return (
    <ActDialog
      title="Hand over a desk"
      submit={looking ? 'Looking…' : preview ? 'Hand it over' : 'Show what would move'}
      onClose={onClose}
      onSubmit={send}
      busy={busy || looking}
      no={no ?? unseen}
      note="One act with one entry in the ledger. Votes that were cast stay, and so does what would break the law."
      wide
    >
      <div className="two">
        <PersonField label="Whose desk" name="from" required />
        <PersonField label="Who takes it over" name="to" required />
      </div>
      {preview && (
        <>
          <div className="two">
            <DateField label="First day without the leaver" name="on" defaultValue={today} max={today} />
            <TextField label="Why" name="reason" required placeholder="For example: leaves the company" />
          </div>
          <Desk desk={preview.desk} told={wouldWords(preview.desk)} />
        </>
      )}
    </ActDialog>
  )
}
