import { useQuery } from '@apollo/client/react'
import { AddMatchingRuleDocument, OpenPlansDocument } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { ActDialog } from '../../ui/Dialog'
import { required, SelectField, TextField, text } from '../../ui/fields'
import { say } from '../../ui/toast'
import { dealOf, PROPERTIES } from './deal'

/** A sales plan that takes results, chosen by name. */
export function PlanSelect({ label, none }: { label: string; none?: string }) {
  const { data } = useQuery(OpenPlansDocument)
  const plans = (data?.organization?.nodes.edges ?? []).map((edge) => edge.node)
  const choices = plans.map((plan) => ({ value: plan.id, label: plan.name }))
  return <SelectField label={label} name="plan" choices={none ? [{ value: '', label: none }, ...choices] : choices} />
}

export function RuleDialog({ onClose }: { onClose: () => void }) {
  const { act, busy, no } = useAct(AddMatchingRuleDocument)
  const send = async (fields: FormData) => {
    const position = text(fields, 'position')
    const done = await act({
      plan: required(fields, 'plan'),
      ...dealOf(fields),
      position: position === null ? null : Number.parseInt(position, 10),
    })
    if (!done) return
    say('Rule added. It takes effect for deals that come now; apply the rules for those that are here.')
    onClose()
  }
  return (
    <ActDialog
      title="Add a matching rule"
      submit="Add rule"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      wide
      note="What is left empty does not restrict the rule."
    >
      <PlanSelect label="Deals like these count for" />
      <div className="two">
        {PROPERTIES.map(([name, label]) => (
          <TextField key={name} label={label} name={name} />
        ))}
        <TextField label="Position" name="position" numeric hint="1 is asked first; empty: behind all others" />
      </div>
    </ActDialog>
  )
}
