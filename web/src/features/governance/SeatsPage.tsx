import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useOrganization } from '../../app/session'
import { Icon } from '../../ui/Icon'
import { plural } from '../../ui/numbers'
import { CardBones, Empty, Failed } from '../../ui/parts'
import { ActButton } from '../../ui/Why'
import { DelegateDialog } from '../delegations/DelegateDialog'
import { Area } from './Area'
import { GapsCard } from './GapsCard'
import { HandOverDialog } from './HandOverDialog'
import { AddPersonDialog, EndSeatDialog, GrantSeatDialog, RatifySeatDialog } from './SeatDialogs'
import { type Open, SeatList } from './SeatList'
import { matches, stateOf } from './seats'
import { useSeats } from './useSeats'

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
