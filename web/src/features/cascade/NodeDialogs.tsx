import { useQuery } from '@apollo/client/react'
import { useDeferredValue, useRef, useState } from 'react'
import { useOrganization, useSession } from '../../app/session'
import {
  CancelNodeDocument,
  CreateInitiativeDocument,
  CreateObjectiveDocument,
  CreatePortfolioDocument,
  CreateProgramDocument,
  CreateSalesPlanDocument,
  EditNodeDocument,
  type EditNodeInput,
  type Level,
  MoveNodeDocument,
  NodeFieldsDocument,
  type NodeFieldsQuery,
  ParentChoicesDocument,
} from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { ActDialog, Dialog } from '../../ui/Dialog'
import { AreaField, DateField, required, SelectField, TextField, text } from '../../ui/fields'
import { typedDecimal } from '../../ui/numbers'
import { Bone, Failed } from '../../ui/parts'
import { say } from '../../ui/toast'
import { LEVELS, word } from '../../ui/words'
import { PersonField } from '../people/PersonField'
import type { Subject } from './NodeActs'

const withoutNulls = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))

type Created = { __typename: string; id: string; name: string }

const CREATE = {
  OBJECTIVE: CreateObjectiveDocument,
  PORTFOLIO: CreatePortfolioDocument,
  PROGRAM: CreateProgramDocument,
  INITIATIVE: CreateInitiativeDocument,
  SALES_PLAN: CreateSalesPlanDocument,
} as const

const isMeasure = (level: Level) => level === 'INITIATIVE' || level === 'SALES_PLAN'

function ObjectiveFields({
  values,
}: {
  values?: { hypothesis: string | null; metric: string | null; target: string | null; targetDate: string | null }
}) {
  return (
    <>
      <AreaField
        label="Hypothesis"
        name="hypothesis"
        defaultValue={values?.hypothesis ?? ''}
        hint="What the board believes, so that it can turn out wrong."
      />
      <div className="three">
        <TextField label="Metric" name="metric" defaultValue={values?.metric ?? ''} />
        <TextField label="Target" name="target" numeric defaultValue={values?.target ?? ''} />
        <DateField label="By" name="targetDate" defaultValue={values?.targetDate ?? ''} />
      </div>
    </>
  )
}

/** The fields that only some levels have, as the API takes them. */
function ownFields(level: Level, fields: FormData, currency: string): Record<string, unknown> {
  if (level === 'OBJECTIVE')
    return {
      hypothesis: text(fields, 'hypothesis'),
      metric: text(fields, 'metric'),
      target: decimal(fields, 'target'),
      targetDate: text(fields, 'targetDate'),
    }
  if (!isMeasure(level)) return {}
  const amount = decimal(fields, 'estimatedValue')
  return {
    sponsor: text(fields, 'sponsor'),
    controller: text(fields, 'controller'),
    estimatedValue: amount === null ? null : { amount, currency },
  }
}

/** What was typed as a number; text that is none goes to the server as it is, whose refusal names the field. */
const decimal = (fields: FormData, name: string): string | null => {
  const typed = text(fields, name)
  return typed === null ? null : (typedDecimal(typed) ?? typed)
}

export function CreateDialog({
  level,
  parent,
  onClose,
  onCreated,
}: {
  level: Level
  parent: Subject | null
  onClose: () => void
  onCreated: (node: Created) => void
}) {
  const { reportingCurrency } = useOrganization()
  const { person } = useSession()
  // The five documents differ in their input alone; the dialog sends each the fields its level has.
  const { act, busy, no } = useAct(CREATE[level] as typeof CreateInitiativeDocument)
  const name = word(level).toLowerCase()
  const send = async (fields: FormData) => {
    const common = {
      name: required(fields, 'name'),
      description: text(fields, 'description'),
      owner: text(fields, 'owner'),
      businessUnit: text(fields, 'businessUnit'),
    }
    const given = { ...common, ...ownFields(level, fields, reportingCurrency), parent: parent?.id ?? null }
    // What was left empty is left out: the server has its own default, and null would mean "none".
    const made = await act(withoutNulls(given) as Parameters<typeof act>[0])
    if (!made) return
    say(`${word(level)} “${made.name}” created.`)
    onClose()
    onCreated(made)
  }
  return (
    <ActDialog
      title={`New ${name}`}
      submit={`Create ${name}`}
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note={parent && `under ${parent.name}`}
    >
      <TextField label="Name" name="name" required autoFocus />
      <AreaField label="Description" name="description" />
      <div className="two">
        <PersonField label="Owner" name="owner" person={person} required />
        <TextField label="Business unit" name="businessUnit" />
      </div>
      {level === 'OBJECTIVE' && <ObjectiveFields />}
      {isMeasure(level) && (
        <>
          <div className="two">
            <PersonField label="Sponsor" name="sponsor" />
            <PersonField label="Controller" name="controller" />
          </div>
          <TextField
            label={`Estimated value, ${reportingCurrency}`}
            name="estimatedValue"
            numeric
            hint="Owner, sponsor and controller are three different people before the first gate."
          />
        </>
      )}
    </ActDialog>
  )
}

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

export function CancelDialog({ node, onClose }: { node: Subject; onClose: () => void }) {
  const { act, busy, no } = useAct(CancelNodeDocument)
  const send = async (fields: FormData) => {
    if (!(await act({ node: node.id, reason: required(fields, 'reason') }))) return
    say(`“${node.name}” cancelled.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Cancel “${node.name}”`}
      submit={`Cancel this ${word(node.level).toLowerCase()}`}
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="Nothing is deleted: it stays visible as cancelled."
    >
      <AreaField label="Reason" name="reason" required />
    </ActDialog>
  )
}
