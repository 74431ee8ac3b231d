import { type FormEvent, type ReactNode, useState } from 'react'
import { useOrganization } from '../../app/session'
import type { DecisionOutcome } from '../../gql/documents'
import type { No } from '../../gql/useAct'
import { addMonths } from '../../ui/dates'
import { AreaField, DateField, TextField, text } from '../../ui/fields'
import { typedDecimal } from '../../ui/numbers'
import { Refused } from '../../ui/parts'
import { word } from '../../ui/words'
import type { OutcomeChoice } from './gate'

/** What a controller's Go states: the words over the amount, and what it means. */
export type Statement = { label: string; hint: string; documented: boolean }

export type Ballot = {
  outcome: DecisionOutcome
  comment: string | null
  confirmed: string | null
  checkedAgainst: string | null
  reviewOn: string | null
}

type Props = {
  outcomes: readonly OutcomeChoice[]
  /** The amount that one's Go states; null where it states none. */
  states: Statement | null
  vote: (ballot: Ballot) => void | Promise<void>
  busy: boolean
  no: No | null
  /** What else one may do instead of voting. */
  beside?: ReactNode
}

/** One's own vote. It stands above the evidence, and only for those the server lets vote. */
export function VoteForm({ outcomes, states, vote, busy, no, beside }: Props) {
  const { reportingCurrency, today } = useOrganization()
  const [outcome, setOutcome] = useState<DecisionOutcome>('GO')
  const chosen = outcomes.find((one) => one.value === outcome)
  const stating = outcome === 'GO' ? states : null
  const explains = chosen?.comment || stating?.documented
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy) return
    const fields = new FormData(event.currentTarget)
    const amount = stating && text(fields, 'confirmed')
    void vote({
      outcome,
      comment: text(fields, 'comment'),
      confirmed: amount && (typedDecimal(amount) ?? amount),
      checkedAgainst: stating && text(fields, 'checkedAgainst'),
      reviewOn: outcome === 'HOLD' ? text(fields, 'reviewOn') : null,
    })
  }
  return (
    <form className="sub2 vote" onSubmit={send}>
      <fieldset className="opt">
        <legend className="sr">Your vote</legend>
        {outcomes.map((one) => (
          <label key={one.value} className={one.value === outcome ? 'on' : undefined}>
            <input
              type="radio"
              name="outcome"
              value={one.value}
              checked={one.value === outcome}
              onChange={() => setOutcome(one.value)}
            />
            <span>
              <b>{word(one.value)}</b>
              <small>{one.note}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {stating && (
        <>
          <TextField
            label={`${stating.label}, ${reportingCurrency}`}
            name="confirmed"
            numeric
            required
            hint={stating.hint}
          />
          <TextField
            label={stating.documented ? 'Checked against' : 'Checked against, optional'}
            name="checkedAgainst"
            required={stating.documented}
            placeholder="Ledger account, contract, model…"
          />
        </>
      )}
      {outcome === 'HOLD' && (
        <DateField label="Review on" name="reviewOn" required min={today} defaultValue={`${addMonths(today, 1)}-01`} />
      )}
      <AreaField
        key={outcome}
        label={explains ? 'Comment' : 'Comment, optional for Go'}
        name="comment"
        required={explains}
      />
      <Refused no={no} />
      <div className="acts">
        <button type="submit" className="btn primary grow" aria-disabled={busy || undefined}>
          {busy ? 'Sending…' : `Vote ${word(outcome)}`}
        </button>
        {beside}
      </div>
    </form>
  )
}
