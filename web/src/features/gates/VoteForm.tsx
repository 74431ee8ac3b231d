import { type FormEvent, useState } from 'react'
import { useOrganization } from '../../app/session'
import { DecideGateDocument, type DecisionOutcome, type GateFullFragment } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { addMonths } from '../../ui/dates'
import { AreaField, DateField, TextField, text } from '../../ui/fields'
import { typedDecimal } from '../../ui/numbers'
import { Refused } from '../../ui/parts'
import { say } from '../../ui/toast'
import { word } from '../../ui/words'
import { OUTCOMES } from './gate'

/** One's own vote. It stands above the evidence, and only for those the server lets vote. */
export function VoteForm({ gate, name }: { gate: GateFullFragment; name: string }) {
  const { reportingCurrency, today } = useOrganization()
  const { act, busy, no } = useAct(DecideGateDocument)
  const [outcome, setOutcome] = useState<DecisionOutcome>('GO')
  const chosen = OUTCOMES.find((one) => one.value === outcome)
  const closes = gate.into === 'CLOSED' && outcome === 'GO'
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const amount = closes ? text(fields, 'confirmed') : null
    const answer = await act({
      gate: gate.id,
      outcome,
      comment: text(fields, 'comment'),
      confirmed: amount && (typedDecimal(amount) ?? amount),
      reviewOn: outcome === 'HOLD' ? text(fields, 'reviewOn') : null,
    })
    if (answer) say(`Your vote on “${name}”: ${word(outcome)}.`)
  }
  return (
    <form className="sub2 vote" onSubmit={send}>
      <fieldset className="opt">
        <legend className="sr">Your vote</legend>
        {OUTCOMES.map((one) => (
          <label key={one.value} className={one.value === outcome ? 'on' : undefined}>
            <input
              type="radio"
              name="outcome"
              value={one.value}
              checked={one.value === outcome}
              onChange={() => setOutcome(one.value)}
            />
            <span>
              {word(one.value)}
              <small>{one.note}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {closes && (
        <TextField
          label={`Confirmed amount, ${reportingCurrency}`}
          name="confirmed"
          numeric
          required
          hint="What the books hold. It may be less than planned; the shortfall is reported."
        />
      )}
      {outcome === 'HOLD' && (
        <DateField label="Review on" name="reviewOn" required min={today} defaultValue={`${addMonths(today, 1)}-01`} />
      )}
      <AreaField
        key={outcome}
        label={chosen?.comment ? 'Comment' : 'Comment, optional for Go'}
        name="comment"
        required={chosen?.comment}
      />
      <Refused no={no} />
      <button type="submit" className="btn primary" aria-disabled={busy || undefined}>
        {busy ? 'Sending…' : `Vote ${word(outcome)}`}
      </button>
    </form>
  )
}
