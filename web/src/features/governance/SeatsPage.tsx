import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { NodeLink } from '../../app/NodeLink'
import { useOrganization } from '../../app/session'
import type { SeatRowFragment } from '../../gql/documents'
import { Icon } from '../../ui/Icon'
import { plural } from '../../ui/numbers'
import { Avatar, CardBones, Empty, Failed, Status } from '../../ui/parts'
import { ActButton, ActMenu } from '../../ui/Why'
import { word } from '../../ui/words'
import { DelegateDialog } from '../delegations/DelegateDialog'
import { Area } from './Area'
import { GapsCard } from './GapsCard'
import { HandOverDialog } from './HandOverDialog'
import { AddPersonDialog, EndSeatDialog, GrantSeatDialog, RatifySeatDialog } from './SeatDialogs'
import { byPerson, byPlace, matches, readsOf, STATES, span, stateOf, votes } from './seats'
import { useSeats } from './useSeats'

type Person = SeatRowFragment['person']
type Open =
  | { kind: 'person' | 'desk' }
  | { kind: 'grant'; person?: Person }
  | { kind: 'ratify' | 'end' | 'lend'; id: string }
  | null

function SeatLine({
  seat,
  named,
  onOpen,
}: {
  seat: SeatRowFragment
  named: 'person' | 'place'
  onOpen: (open: Open) => void
}) {
  const { today } = useOrganization()
  const state = stateOf(seat, today)
  return (
    <li>
      <span className="seat-who">
        {named === 'person' ? (
          <>
            <Avatar name={seat.person.name} small />
            <b title={seat.person.email ?? undefined}>{seat.person.name}</b>
          </>
        ) : (
          <PlaceName seat={seat} />
        )}
      </span>
      <span className="seat-what">
        <span>
          {word(seat.role)}
          {seat.role === 'VIEWER' && <small className="k"> {readsOf(seat)}</small>}
        </span>
        <span className="k num">{span(seat, today)}</span>
      </span>
      <span>{state !== 'HOLDS' && <Status tone={STATES[state].tone}>{STATES[state].word}</Status>}</span>
      <span className="acts">
        {state !== 'OVER' && !seat.ratified && (
          <ActButton
            acts={seat.acts}
            act="ratifySeat"
            className="btn small"
            onClick={() => onOpen({ kind: 'ratify', id: seat.id })}
          >
            Ratify
          </ActButton>
        )}
        {state !== 'OVER' && (
          <ActMenu
            acts={seat.acts}
            name={`More about the seat of ${seat.person.name}`}
            className="btn quiet icon"
            label={<Icon name="more" />}
            items={[
              ...(votes(seat.role) && seat.ratified
                ? [
                    {
                      act: 'delegateVote',
                      label: 'Lend its vote',
                      onChoose: () => onOpen({ kind: 'lend', id: seat.id }),
                    },
                  ]
                : []),
              { act: 'endSeat', label: 'End this seat', onChoose: () => onOpen({ kind: 'end', id: seat.id }) },
            ]}
          />
        )}
      </span>
    </li>
  )
}

function PlaceName({ seat }: { seat: SeatRowFragment }) {
  if (seat.everywhere) return <b>The whole organization</b>
  if (!seat.at) return <span className="k">A place you do not see</span>
  return (
    <>
      <NodeLink node={seat.at} className="p">
        {seat.at.name}
      </NodeLink>{' '}
      <small className="k">{word(seat.at.level).toLowerCase()}</small>
    </>
  )
}

function SeatList({
  seats,
  by,
  onOpen,
}: {
  seats: SeatRowFragment[]
  by: 'place' | 'person'
  onOpen: (open: Open) => void
}) {
  const groups = by === 'place' ? byPlace(seats) : byPerson(seats)
  return (
    <section className="card" aria-label="Seats">
      {groups.map(({ key, seats: held }) => {
        const [first] = held
        if (!first) return null
        return (
          <div key={key} className="seats">
            <h2>
              {by === 'place' ? (
                <PlaceName seat={first} />
              ) : (
                <>
                  <Avatar name={first.person.name} small /> {first.person.name}{' '}
                  {first.person.email && <small className="k">{first.person.email}</small>}
                </>
              )}
            </h2>
            <ul>
              {held.map((seat) => (
                <SeatLine key={seat.id} seat={seat} named={by === 'place' ? 'person' : 'place'} onOpen={onOpen} />
              ))}
            </ul>
          </div>
        )
      })}
    </section>
  )
}

/** Who may do what where, from when to when, and what still waits for an executive. */
export function SeatsPage() {
  const { by, q, show } = useSearch({ from: '/governance/seats' })
  const navigate = useNavigate()
  const { today } = useOrganization()
  const { seats, acts, changes, loading, error, refetch } = useSeats()
  const [open, setOpen] = useState<Open>(null)
  const change = (next: { by?: string; q?: string; show?: string }) =>
    void navigate({ to: '/governance/seats', search: (before) => ({ ...before, ...next }), replace: true })
  const waiting = seats.filter((seat) => stateOf(seat, today) === 'WAITING').length
  const kept = seats
    .filter(
      (seat) =>
        show === 'all' || (show === 'waiting' ? stateOf(seat, today) === 'WAITING' : stateOf(seat, today) !== 'OVER'),
    )
    .filter((seat) => !q || matches(seat, q))
  const chosen = open && 'id' in open ? seats.find((seat) => seat.id === open.id) : undefined
  const close = () => setOpen(null)
  return (
    <Area
      title="Seats"
      sub="who holds which role where, from when to when"
      acts={
        <>
          <ActButton acts={acts} act="handOverDesk" onClick={() => setOpen({ kind: 'desk' })}>
            Hand over a desk
          </ActButton>
          <ActButton acts={acts} act="addPerson" onClick={() => setOpen({ kind: 'person' })}>
            Make a person known
          </ActButton>
          <ActButton acts={acts} act="grantSeat" className="btn primary" onClick={() => setOpen({ kind: 'grant' })}>
            <Icon name="plus" />
            Grant a seat
          </ActButton>
        </>
      }
    >
      <GapsCard changes={changes} />
      <div className="fbar" role="search">
        <span className="inp">
          <Icon name="search" />
          <input
            type="search"
            aria-label="Search the seats"
            placeholder="Person, place or role  ( / )"
            defaultValue={q ?? ''}
            onChange={(event) => change({ q: event.target.value || undefined })}
          />
        </span>
        <button
          type="button"
          className={show === 'waiting' ? 'chip on' : 'chip'}
          aria-pressed={show === 'waiting'}
          onClick={() => change({ show: show === 'waiting' ? undefined : 'waiting' })}
        >
          Waiting for ratification
          <b className="num">{waiting}</b>
        </button>
        <button
          type="button"
          className={show === 'all' ? 'chip on' : 'chip'}
          aria-pressed={show === 'all'}
          onClick={() => change({ show: show === 'all' ? undefined : 'all' })}
        >
          With those that are over
        </button>
        <span className="grow" />
        <div className="seg" role="group" aria-label="Sort the seats">
          <button type="button" aria-pressed={by !== 'person'} onClick={() => change({ by: undefined })}>
            By place
          </button>
          <button type="button" aria-pressed={by === 'person'} onClick={() => change({ by: 'person' })}>
            By person
          </button>
        </div>
      </div>
      {loading ? (
        <CardBones lines={10} />
      ) : error && seats.length === 0 ? (
        <section className="card">
          <Failed what="The seats" problem={error} retry={refetch} />
        </section>
      ) : kept.length === 0 ? (
        <section className="card">
          <Empty
            action={
              <button type="button" className="btn" onClick={() => change({ q: undefined, show: undefined })}>
                Show all seats in effect
              </button>
            }
          >
            {show === 'waiting' && !q ? 'No seat waits for an executive.' : 'No seat fits what you look for.'}
          </Empty>
        </section>
      ) : (
        <>
          <SeatList seats={kept} by={by === 'person' ? 'person' : 'place'} onOpen={setOpen} />
          <p className="note under">{plural(kept.length, 'seat')} shown</p>
        </>
      )}
      {open?.kind === 'person' && (
        <AddPersonDialog onClose={close} onAdded={(person) => setOpen({ kind: 'grant', person })} />
      )}
      {open?.kind === 'desk' && <HandOverDialog onClose={close} />}
      {open?.kind === 'grant' && <GrantSeatDialog person={open.person} onClose={close} />}
      {open?.kind === 'ratify' && chosen && <RatifySeatDialog seat={chosen} onClose={close} />}
      {open?.kind === 'lend' && chosen && <DelegateDialog seats={[chosen]} role={chosen.role} onClose={close} />}
      {open?.kind === 'end' && chosen && <EndSeatDialog seat={chosen} onClose={close} />}
    </Area>
  )
}
