import { useOrganization, useSession } from '../../app/session'
import {
  CreateInitiativeDocument,
  CreateObjectiveDocument,
  CreatePortfolioDocument,
  CreateProgramDocument,
  CreateSalesPlanDocument,
  type Level,
} from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { ActDialog } from '../../ui/Dialog'
import { AreaField, required, TextField, text } from '../../ui/fields'
import { say } from '../../ui/toast'
import { word } from '../../ui/words'
import { PersonField } from '../people/PersonField'
import { decimal, ObjectiveFields } from './fields'
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
