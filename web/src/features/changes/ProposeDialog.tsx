import './changes.css'
import { useQuery } from '@apollo/client/react'
import { useRef, useState } from 'react'
import { useOrganization } from '../../app/session'
import { PlanNowDocument, ProposeChangeDocument } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { ActDialog, Dialog } from '../../ui/Dialog'
import { day, daysBetween } from '../../ui/dates'
import { AreaField, required } from '../../ui/fields'
import { digits, NONE, plural, signed } from '../../ui/numbers'
import { CardBones, Failed, Scroll } from '../../ui/parts'
import { say } from '../../ui/toast'
import { word } from '../../ui/words'
import { quotaMonths } from '../decisions/plan'
import { changed, deltaOf, type Edits, newAmount, type Slot, shifted, sumOf, unreadable } from './difference'
import { type Group, groupsOf, type PlanNow, wantedOf } from './groups'
import { ShiftLine } from './ShiftLine'

const EXACT = { divisor: 1, prefix: '' } as const

function differenceOf(group: Group, slot: Slot, edits: Edits): { text: string; tone?: string } {
  if (changed([slot], edits).length === 0) return { text: NONE, tone: 'dim' }
  if (group.currency === null) {
    const days = daysBetween(slot.now, newAmount(slot, edits))
    if (Number.isNaN(days)) return { text: 'no date', tone: 'off' }
    return { text: days > 0 ? `${plural(days, 'day')} later` : `${plural(-days, 'day')} earlier` }
  }
  const delta = deltaOf(slot, edits)
  return delta === null ? { text: 'no number', tone: 'off' } : { text: signed(delta, EXACT) }
}

/** Now and new side by side, the difference worked out as one types. */
function GroupTable({ group, edits, onEdit }: { group: Group; edits: Edits; onEdit: (edits: Edits) => void }) {
  const dates = group.currency === null
  return (
    <Scroll label={`${group.name}, now and new`} className="chgrid">
      <table className="tb">
        <thead>
          <tr>
            <th className="l" scope="col">
              {dates ? 'Milestone' : group.currency}
            </th>
            <th scope="col">Now</th>
            <th scope="col">New</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          {group.slots.map((slot) => {
            const difference = differenceOf(group, slot, edits)
            return (
              <tr key={slot.key}>
                <th scope="row">{slot.label}</th>
                <td>
                  {dates ? day(slot.now) : slot.now === '' ? <span className="dim">{NONE}</span> : digits(slot.now)}
                </td>
                <td>
                  <input
                    className="in n"
                    type={dates ? 'date' : 'text'}
                    inputMode={dates ? undefined : 'decimal'}
                    aria-label={`New: ${slot.label}`}
                    value={edits[slot.key] ?? slot.now}
                    onChange={(event) => onEdit({ [slot.key]: event.target.value })}
                  />
                </td>
                <td className={difference.tone}>{difference.text}</td>
              </tr>
            )
          })}
        </tbody>
        {!dates && (
          <tfoot>
            <tr className="tot">
              <th scope="row">Together</th>
              <td colSpan={2} />
              <td>{signed(sumOf(group.slots, edits), EXACT)}</td>
            </tr>
          </tfoot>
        )}
      </table>
    </Scroll>
  )
}

/** "3 months of “Margin”; 1 date" */
function changedTold(groups: readonly Group[], edits: Edits): string {
  const parts = groups.flatMap((group) => {
    const count = changed(group.slots, edits).length
    if (count === 0) return []
    return group.currency === null ? [plural(count, 'date')] : [`${plural(count, 'month')} of “${group.name}”`]
  })
  return parts.length === 0 ? 'Nothing differs yet.' : `It changes ${parts.join(', ')}.`
}

function Form({ node, onClose }: { node: PlanNow; onClose: () => void }) {
  const { today } = useOrganization()
  const { act, busy, no } = useAct(ProposeChangeDocument)
  const seen = useSeenRevision(node.revision, no)
  const opened = useRef(node).current
  const groups = useRef(groupsOf(opened, today.slice(0, 7))).current
  const [key, setKey] = useState(groups[0]?.key)
  const [edits, setEdits] = useState<Edits>({})
  const group = groups.find((one) => one.key === key)
  const edit = (more: Edits) => setEdits((before) => ({ ...before, ...more }))
  const wrong = groups.find((one) => one.currency !== null && unreadable(one.slots, edits).length > 0)
  const send = async (fields: FormData) => {
    if (wrong) return setKey(wrong.key)
    const reason = required(fields, 'reason')
    if (!(await act({ measure: opened.id, ...wantedOf(opened, groups, edits), reason, expectedRevision: seen }))) return
    say(`The change of “${opened.name}” is proposed.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Change the plan of “${opened.name}”`}
      submit="Propose the change"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      wide
      note={changedTold(groups, edits)}
    >
      <p className="k">
        The plan is frozen. A change is decided by the body that decided the gate into {word('DECIDED')}; version 1
        stays, and every report can show the miss against it.
      </p>
      <div className="seg wrap" role="group" aria-label="What changes">
        {groups.map((one) => (
          <button key={one.key} type="button" aria-pressed={one.key === key} onClick={() => setKey(one.key)}>
            {one.name}
            {changed(one.slots, edits).length > 0 && <span className="sr">, changed</span>}
            {changed(one.slots, edits).length > 0 && <em aria-hidden="true">{changed(one.slots, edits).length}</em>}
          </button>
        ))}
      </div>
      {group && (
        <>
          {group.currency !== null && (
            <ShiftLine
              key={group.key}
              slots={group.slots}
              onShift={(from, by) => edit(shifted(group.slots, from, by))}
            />
          )}
          <GroupTable group={group} edits={edits} onEdit={edit} />
        </>
      )}
      <AreaField label="Reason" name="reason" required hint="The deciders read it, and it stays in the record." />
    </ActDialog>
  )
}

/** A change of a decided plan: by month, by date, with the difference in view. */
export function ProposeDialog({ measure, onClose }: { measure: string; onClose: () => void }) {
  const { today } = useOrganization()
  const variables = { id: measure, ...quotaMonths(today) }
  const { data, error, refetch } = useQuery(PlanNowDocument, { variables, fetchPolicy: 'network-only' })
  const node = data?.node
  if (node && 'milestones' in node) return <Form node={node} onClose={onClose} />
  return (
    <Dialog title="Change the plan" onClose={onClose} wide>
      {error ? (
        <Failed what="The plan" problem={error} retry={() => void refetch()} />
      ) : (
        <CardBones title="Change the plan" />
      )}
    </Dialog>
  )
}
