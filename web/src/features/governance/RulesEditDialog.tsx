import { ActDialog } from '../../ui/Dialog'
import { CheckField, required, SelectField, TextField } from '../../ui/fields'
import { KINDS, standardWord, word } from '../../ui/words'
import { documentOf } from './policy'
import { useDraft } from './useDraft'
import type { Shown } from './usePolicies'

const CYCLES = ['WEEKLY', 'MONTHLY', 'QUARTERLY']

/** A field's whole number as one, anything else as it was typed: the server says what is wrong with it. */
const whole = (fields: FormData, name: string): number | string => {
  const typed = required(fields, name)
  return /^\d+$/.test(typed) ? Number(typed) : typed
}

function Numbers({ of, label, name, hint }: { of: string | number; label: string; name: string; hint?: string }) {
  return <TextField label={label} name={name} numeric required defaultValue={String(of)} hint={hint} />
}

/** What a draft says besides its gates: weights, headline value, lights, cadence, names. */
export function RulesEditDialog({ policy, onClose }: { policy: Shown; onClose: () => void }) {
  const { save, busy, no } = useDraft(policy)
  const { lights, cadence } = policy
  const send = async (fields: FormData) => {
    const numbers = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, whole(fields, name)]))
    const changed = {
      name: required(fields, 'name'),
      stageWeights: Object.fromEntries(policy.stages.map(({ stage }) => [stage, whole(fields, `weight ${stage}`)])),
      headlineKinds: KINDS.filter((kind) => fields.has(kind)),
      sustainMonths: whole(fields, 'sustainMonths'),
      lights: {
        greenFrom: required(fields, 'greenFrom'),
        amberFrom: required(fields, 'amberFrom'),
        ...numbers(['amberAfterDays', 'redAfterDays']),
      },
      cadence: { cycle: required(fields, 'cycle'), ...numbers(['dueDays', 'remindAfterDays', 'stalledAfterDays']) },
      levelNames: Object.fromEntries(policy.levels.map(({ level }) => [level, required(fields, `name ${level}`)])),
      stageNames: Object.fromEntries(policy.stages.map(({ stage }) => [stage, required(fields, `name ${stage}`)])),
    }
    if (await save({ ...documentOf(policy), ...changed })) onClose()
  }
  return (
    <ActDialog
      title="Figures, lights, cadence and names"
      submit="Save in the draft"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      wide
    >
      <div className="two">
        <TextField label="Name of the policy" name="name" required defaultValue={policy.name} />
        <Numbers label="Sustain window, months" name="sustainMonths" of={policy.sustainMonths} />
      </div>
      <h3>Stage weights, % of the planned value</h3>
      <div className="three keep">
        {policy.stages.map(({ stage, weight }) => (
          <Numbers key={stage} label={standardWord(stage)} name={`weight ${stage}`} of={weight} />
        ))}
      </div>
      <fieldset>
        <legend>The headline value adds</legend>
        <div className="three keep">
          {KINDS.map((kind) => (
            <CheckField
              key={kind}
              label={word(kind)}
              name={kind}
              defaultChecked={policy.headlineKinds.includes(kind)}
            />
          ))}
        </div>
      </fieldset>
      <h3>Lights</h3>
      <div className="two">
        <Numbers label="Potential is green from" name="greenFrom" of={lights.greenFrom} hint="outlook ÷ plan" />
        <Numbers label="Potential is amber from" name="amberFrom" of={lights.amberFrom} hint="below that it is red" />
        <Numbers
          label="Implementation is amber after"
          name="amberAfterDays"
          of={lights.amberAfterDays}
          hint="days of delay"
        />
        <Numbers
          label="Implementation is red after"
          name="redAfterDays"
          of={lights.redAfterDays}
          hint="days of delay"
        />
      </div>
      <h3>Cadence</h3>
      <div className="two">
        <SelectField
          label="Reviews"
          name="cycle"
          defaultValue={cadence.cycle}
          choices={CYCLES.map((value) => ({ value, label: word(value) }))}
        />
        <Numbers label="Due after the period" name="dueDays" of={cadence.dueDays} hint="days" />
        <Numbers label="Deciders are reminded after" name="remindAfterDays" of={cadence.remindAfterDays} hint="days" />
        <Numbers
          label="A gate counts as stalled after"
          name="stalledAfterDays"
          of={cadence.stalledAfterDays}
          hint="days"
        />
      </div>
      <h3>What screens call levels and stages</h3>
      <div className="three keep">
        {[
          ...policy.levels.map(({ level, name }) => [level, name] as const),
          ...policy.stages.map(({ stage, name }) => [stage, name] as const),
        ].map(([key, name]) => (
          <TextField key={key} label={standardWord(key)} name={`name ${key}`} required defaultValue={name} />
        ))}
      </div>
    </ActDialog>
  )
}
