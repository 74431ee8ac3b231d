import { useState } from 'react'
import { useOrganization } from '../../app/session'
import {
  AddPersonDocument,
  EndSeatDocument,
  GrantSeatDocument,
  RatifySeatDocument,
  type Role,
  type SeatRowFragment,
} from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { ActDialog } from '../../ui/Dialog'
import { CheckField, DateField, required, SelectField, TextField, text } from '../../ui/fields'
import { say } from '../../ui/toast'
import { word } from '../../ui/words'
import { seatName } from '../delegations/DelegateDialog'
import { PersonField } from '../people/PersonField'
import { NodeField } from './NodeField'
import { ROLES, span, votes } from './seats'

type Person = { id: string; name: string; email: string | null }

/** A role for a person at a place. What carries a vote waits for an executive, and the dialog says so beforehand. */
export function GrantSeatDialog({ person, onClose }: { person?: Person; onClose: () => void }) {
  const { act, busy, no } = useAct(GrantSeatDocument)
  const { today } = useOrganization()
  const [role, setRole] = useState<Role>('SPONSOR')
  const send = async (fields: FormData) => {
    const seat = await act({
      person: required(fields, 'person'),
      role,
      at: text(fields, 'at'),
      from: text(fields, 'from'),
      to: text(fields, 'to'),
      readsMoney: fields.has('readsMoney'),
      readsLedger: fields.has('readsLedger'),
    })
    if (!seat) return
    say(
      `${seat.person.name} has the seat of ${word(role).toLowerCase()}${seat.ratified ? '.' : ', once it is ratified.'}`,
    )
    onClose()
  }
  const meaning = ROLES.find(([one]) => one === role)?.[1]
  return (
    <ActDialog
      title="Grant a seat"
      submit="Grant the seat"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note={
        votes(role)
          ? 'It carries a vote: it takes effect once an executive, who neither granted nor takes it, ratifies it.'
          : 'It carries no vote and takes effect on its first day.'
      }
    >
      <PersonField label="Person" name="person" person={person} required />
      <SelectField
        label="Role"
        name="role"
        value={role}
        onChange={(value) => setRole(value as Role)}
        choices={ROLES.map(([one]) => ({ value: one, label: word(one) }))}
        hint={`${word(role)}: ${meaning}.`}
      />
      {role === 'VIEWER' && (
        <div className="two">
          <CheckField label="Reads amounts" name="readsMoney" />
          <CheckField label="Reads the ledger" name="readsLedger" />
        </div>
      )}
      <NodeField label="Where" name="at" hint="It holds there and everywhere below." />
      <div className="two">
        <DateField label="First day" name="from" defaultValue={today} required />
        <DateField label="Last day" name="to" hint="Empty: until further notice." />
      </div>
    </ActDialog>
  )
}

type Props = { seat: SeatRowFragment; onClose: () => void }

/** "Ben Olsen, controller of Pricing, since 1 Jan 2026" */
function Told({ seat }: { seat: SeatRowFragment }) {
  const { today } = useOrganization()
  return (
    <p>
      <b>{seat.person.name}</b>: {seatName(seat)}, {span(seat, today)}
    </p>
  )
}

export function RatifySeatDialog({ seat, onClose }: Props) {
  const { act, busy, no } = useAct(RatifySeatDocument)
  const seen = useSeenRevision(seat.revision, no)
  const send = async () => {
    if (!(await act({ seat: seat.id, expectedRevision: seen }))) return
    say(`The seat of ${seat.person.name} is ratified.`)
    onClose()
  }
  return (
    <ActDialog title="Ratify a seat" submit="Ratify the seat" onClose={onClose} onSubmit={send} busy={busy} no={no}>
      <Told seat={seat} />
      <p className="k">From then on {seat.person.name} votes there. The ledger records who ratified it.</p>
    </ActDialog>
  )
}

export function EndSeatDialog({ seat, onClose }: Props) {
  const { act, busy, no } = useAct(EndSeatDocument)
  const seen = useSeenRevision(seat.revision, no)
  const send = async (fields: FormData) => {
    if (!(await act({ seat: seat.id, on: text(fields, 'on'), expectedRevision: seen }))) return
    say(`The seat of ${seat.person.name} is ended.`)
    onClose()
  }
  return (
    <ActDialog title="End a seat" submit="End the seat" onClose={onClose} onSubmit={send} busy={busy} no={no}>
      <Told seat={seat} />
      <DateField label="Last day" name="on" defaultValue={seat.to ?? ''} hint="Empty: it ends at once." />
    </ActDialog>
  )
}

/** A person who is known can be named and seated; with an address and a password they can sign in. */
export function AddPersonDialog({ onClose, onAdded }: { onClose: () => void; onAdded: (person: Person) => void }) {
  const { act, busy, no } = useAct(AddPersonDocument)
  const send = async (fields: FormData) => {
    const person = await act({
      name: required(fields, 'name'),
      email: text(fields, 'email'),
      password: text(fields, 'password'),
    })
    if (!person) return
    say(`${person.name} is known now.`)
    onAdded(person)
  }
  return (
    <ActDialog
      title="Make a person known"
      submit="Make known"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="They see nothing before they have a seat: the next step."
    >
      <TextField label="Full name" name="name" required autoFocus />
      <TextField label="E-mail" name="email" type="email" hint="Without one they cannot sign in." />
      <TextField
        label="First password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint="They change it themselves. Empty: they cannot sign in yet."
      />
    </ActDialog>
  )
}
