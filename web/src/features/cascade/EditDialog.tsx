import { useQuery } from '@apollo/client/react'
import { useRef } from 'react'
import { useOrganization } from '../../app/session'
import {
  EditNodeDocument,
  type EditNodeInput,
  type Level,
  NodeFieldsDocument,
  type NodeFieldsQuery,
} from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { ActDialog, Dialog } from '../../ui/Dialog'
import { AreaField, required, TextField, text } from '../../ui/fields'
import { Bone, Failed } from '../../ui/parts'
import { say } from '../../ui/toast'
import { word } from '../../ui/words'
import { PersonField } from '../people/PersonField'
import { decimal, ObjectiveFields } from './fields'

type Loaded = Extract<NonNullable<NodeFieldsQuery['node']>, { level: Level }>
type Plain = Record<string, string | null>

/** The editable fields of a node as plain text, to tell what was changed and what somebody else changed meanwhile. */
function plainOf(node: Loaded): Plain {
  const plain: Plain = {
    name: node.name,
    description: node.description,
    businessUnit: node.businessUnit,
    tags: node.tags.join(', ') || null,
    owner: node.owner?.id ?? null,
  }
  if (node.__typename === 'Objective')
    Object.assign(plain, {
      hypothesis: node.hypothesis,
      metric: node.metric,
      target: node.target,
      targetDate: node.targetDate,
    })
  if (node.__typename === 'Initiative' || node.__typename === 'SalesPlan') {
    const { risks, overlaps, gapExplanation, varianceExplanation, sponsor, controller, estimatedValue } = node
    Object.assign(plain, {
      risks,
      overlaps,
      gapExplanation,
      varianceExplanation,
      sponsor: sponsor?.id ?? null,
      controller: controller?.id ?? null,
      estimatedValue: estimatedValue?.amount ?? null,
    })
  }
  return plain
}

/** Only what differs from what the dialog was opened with: a field left out stays as it is. */
function changesOf(fields: FormData, before: Plain, currency: string): Partial<EditNodeInput> {
  const changes: Record<string, unknown> = {}
  for (const [name, was] of Object.entries(before)) {
    if (!fields.has(name)) continue
    const now = name === 'target' || name === 'estimatedValue' ? decimal(fields, name) : text(fields, name)
    if (now === was) continue
    if (name === 'tags')
      changes.tags =
        now
          ?.split(',')
          .map((tag) => tag.trim())
          .filter(Boolean) ?? []
    else if (name === 'estimatedValue') changes.estimatedValue = now === null ? null : { amount: now, currency }
    else changes[name] = now
  }
  return changes
}

function EditForm({ node, onClose, reload }: { node: Loaded; onClose: () => void; reload: () => Promise<unknown> }) {
  const { reportingCurrency } = useOrganization()
  const { act, busy, no } = useAct(EditNodeDocument)
  const seen = useSeenRevision(node.revision, no)
  const opened = useRef(node)
  const first = opened.current
  const before = plainOf(first)
  const latest = plainOf(node)
  const theirs = (name: string) =>
    latest[name] === before[name] ? undefined : `Changed meanwhile to: ${latest[name] ?? 'nothing'}`
  const measure = first.__typename === 'Initiative' || first.__typename === 'SalesPlan' ? first : null
  const send = async (fields: FormData) => {
    const changes = changesOf(fields, before, reportingCurrency)
    if (Object.keys(changes).length === 0) return onClose()
    if (await act({ node: node.id, expectedRevision: seen, ...changes })) {
      say(`“${required(fields, 'name')}” saved.`)
      onClose()
    } else await reload()
  }
  return (
    <ActDialog
      title={`Edit ${word(node.level).toLowerCase()}`}
      submit="Save"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      wide={measure !== null}
    >
      <TextField label="Name" name="name" required defaultValue={first.name} hint={theirs('name')} />
      <AreaField
        label="Description"
        name="description"
        defaultValue={first.description ?? ''}
        hint={theirs('description')}
      />
      <div className="three">
        <PersonField label="Owner" name="owner" person={first.owner} />
        {measure && <PersonField label="Sponsor" name="sponsor" person={measure.sponsor} />}
        {measure && <PersonField label="Controller" name="controller" person={measure.controller} />}
      </div>
      <div className="three">
        <TextField
          label="Business unit"
          name="businessUnit"
          defaultValue={first.businessUnit ?? ''}
          hint={theirs('businessUnit')}
        />
        <TextField
          label="Tags"
          name="tags"
          defaultValue={first.tags.join(', ')}
          hint={theirs('tags') ?? 'separated by commas'}
        />
        {measure && (
          <TextField
            label={`Estimated value, ${reportingCurrency}`}
            name="estimatedValue"
            numeric
            defaultValue={measure.estimatedValue?.amount ?? ''}
            hint={theirs('estimatedValue')}
          />
        )}
      </div>
      {first.__typename === 'Objective' && <ObjectiveFields values={first} />}
      {measure && (
        <div className="two">
          <AreaField label="Risks" name="risks" defaultValue={measure.risks ?? ''} hint={theirs('risks')} />
          <AreaField
            label="Overlaps"
            name="overlaps"
            defaultValue={measure.overlaps ?? ''}
            hint={theirs('overlaps') ?? 'Write “none” when there are none.'}
          />
          <AreaField
            label="Why quota is below the case"
            name="gapExplanation"
            defaultValue={measure.gapExplanation ?? ''}
            hint={theirs('gapExplanation')}
          />
          <AreaField
            label="Why value differs from plan"
            name="varianceExplanation"
            defaultValue={measure.varianceExplanation ?? ''}
            hint={theirs('varianceExplanation')}
          />
        </div>
      )}
    </ActDialog>
  )
}

export function EditDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(NodeFieldsDocument, { variables: { id }, fetchPolicy: 'network-only' })
  const node = data?.node
  if (node && 'level' in node) return <EditForm node={node} onClose={onClose} reload={() => refetch()} />
  return (
    <Dialog title="Edit" onClose={onClose}>
      <div className="dlg">
        {error ? (
          <Failed what="The fields" problem={error} retry={() => void refetch()} />
        ) : (
          <div className="dlg-b">
            <Bone width="60%" />
            <Bone height={72} />
            <Bone />
          </div>
        )}
      </div>
    </Dialog>
  )
}
