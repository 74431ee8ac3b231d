import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { PolicyCatalogueDocument, type Role } from '../../gql/documents'
import { ActDialog } from '../../ui/Dialog'
import { SelectField } from '../../ui/fields'
import { Icon } from '../../ui/Icon'
import { Bone } from '../../ui/parts'
import { standardWord, word } from '../../ui/words'
import { documentOf, type GateRule, VALIDATIONS } from './policy'
import { useDraft } from './useDraft'
import type { Shown } from './usePolicies'

type Vote = { id: number; role: Role; needed: string; above: string }
/** What each criterion asks at least, as typed; what is not asked is not in it, and where none is taken it is empty. */
type Asked = Readonly<Record<string, string>>

const VOTERS: Role[] = ['PROGRAM_LEAD', 'SPONSOR', 'CONTROLLER', 'EXECUTIVE']
const called = (role: Role): string => (role === 'EXECUTIVE' ? 'Steering committee' : word(role))
/** A whole number as one, anything else as it was typed: the server says what is wrong with it. */
const number = (typed: string): number | string => (/^\d+$/.test(typed.trim()) ? Number(typed) : typed)

function VoteRows({
  votes,
  currency,
  onChange,
}: {
  votes: readonly Vote[]
  currency: string
  onChange: (votes: Vote[]) => void
}) {
  const set = (id: number, change: Partial<Vote>) =>
    onChange(votes.map((vote) => (vote.id === id ? { ...vote, ...change } : vote)))
  const free = VOTERS.find((role) => votes.every((vote) => vote.role !== role))
  return (
    <fieldset className="vote-rows">
      <legend>Who decides</legend>
      {votes.map((vote, index) => (
        <div key={vote.id}>
          <select
            className="in"
            aria-label={`Role ${index + 1}`}
            value={vote.role}
            onChange={(event) => set(vote.id, { role: event.target.value as Role })}
          >
            {VOTERS.map((role) => (
              <option key={role} value={role}>
                {called(role)}
              </option>
            ))}
          </select>
          <input
            className="in n"
            aria-label={`How many of the ${called(vote.role).toLowerCase()}`}
            inputMode="numeric"
            value={vote.needed}
            onChange={(event) => set(vote.id, { needed: event.target.value })}
          />
          <input
            className="in n"
            aria-label={`${called(vote.role)}: only above, in ${currency}`}
            placeholder="always"
            inputMode="decimal"
            value={vote.above}
            onChange={(event) => set(vote.id, { above: event.target.value })}
          />
          <button
            type="button"
            className="btn quiet icon"
            aria-label={`Without the ${called(vote.role).toLowerCase()}`}
            onClick={() => onChange(votes.filter((one) => one.id !== vote.id))}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      <small className="k">Role, how many of its people, and only for measures above this amount in {currency}.</small>
      {free && (
        <button
          type="button"
          className="btn small"
          onClick={() =>
            onChange([
              ...votes,
              { id: Math.max(0, ...votes.map((one) => one.id)) + 1, role: free, needed: '1', above: '' },
            ])
          }
        >
          <Icon name="plus" />
          Another role
        </button>
      )}
    </fieldset>
  )
}

function CriteriaRows({ gate, asked, onChange }: { gate: GateRule; asked: Asked; onChange: (asked: Asked) => void }) {
  const { data } = useQuery(PolicyCatalogueDocument)
  const catalogue = data?.organization?.policyCriteria.filter((one) => one.gates.includes(gate.into))
  const toggle = (code: string, least: number | undefined) => {
    const { [code]: before, ...others } = asked
    onChange(before === undefined ? { ...asked, [code]: least === undefined ? '' : String(least) } : others)
  }
  return (
    <fieldset className="criteria-rows">
      <legend>What it asks</legend>
      {!catalogue && <Bone height={200} />}
      {catalogue?.map((one) => (
        <div key={one.code}>
          <label className="check" title={one.asks}>
            <input
              type="checkbox"
              checked={asked[one.code] !== undefined}
              onChange={() => toggle(one.code, one.number?.least)}
            />
            {one.title}
          </label>
          {one.number && asked[one.code] !== undefined && (
            <label className="least">
              <span className="k">at least</span>
              <input
                className="in n"
                inputMode="numeric"
                aria-label={`${one.title}: at least how many ${one.number.counts}`}
                value={asked[one.code]}
                onChange={(event) => onChange({ ...asked, [one.code]: event.target.value })}
              />
              <span className="k">{one.number.counts}</span>
            </label>
          )}
        </div>
      ))}
    </fieldset>
  )
}

/** One gate of a draft: who decides, what finance states, what it asks. */
export function GateEditDialog({ policy, gate, onClose }: { policy: Shown; gate: GateRule; onClose: () => void }) {
  const { save, busy, no } = useDraft(policy)
  const [votes, setVotes] = useState<Vote[]>(
    gate.votes.map((vote, id) => ({
      id,
      role: vote.role,
      needed: String(vote.needed),
      above: vote.above?.amount ?? '',
    })),
  )
  const [asked, setAsked] = useState<Asked>(
    Object.fromEntries(
      gate.criteria.map((one) => [one.criterion.code, one.atLeast === null ? '' : String(one.atLeast)]),
    ),
  )
  const [finance, setFinance] = useState<keyof typeof VALIDATIONS>(gate.financialValidation)
  const send = async () => {
    const document = documentOf(policy)
    const changed = {
      criteria: Object.entries(asked).map(([code, least]) => (least === '' ? code : { [code]: number(least) })),
      votes: votes.map((vote) => ({
        role: vote.role,
        needed: number(vote.needed),
        ...(vote.above.trim() && { above: vote.above.trim() }),
      })),
      financialValidation: finance,
    }
    const gates = document.gates as Record<string, typeof changed>
    if (await save({ ...document, gates: { ...gates, [gate.into]: changed } })) onClose()
  }
  return (
    <ActDialog
      title={`Gate into ${standardWord(gate.into)}`}
      submit="Save in the draft"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      wide
    >
      <VoteRows votes={votes} currency={policy.currency} onChange={setVotes} />
      <SelectField
        label="With its Go finance states"
        name="finance"
        value={finance}
        onChange={(value) => setFinance(value as keyof typeof VALIDATIONS)}
        choices={Object.entries(VALIDATIONS).map(([value, label]) => ({ value, label }))}
      />
      <CriteriaRows gate={gate} asked={asked} onChange={setAsked} />
    </ActDialog>
  )
}
