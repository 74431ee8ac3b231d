import { NodeLink } from '../../app/NodeLink'
import { useOrganization } from '../../app/session'
import type { SeatRowFragment } from '../../gql/documents'
import { Icon } from '../../ui/Icon'
import { Avatar, Status } from '../../ui/parts'
import { ActButton, ActMenu } from '../../ui/Why'
import { word } from '../../ui/words'
import { byPerson, byPlace, readsOf, STATES, span, stateOf, votes } from './seats'

type Person = SeatRowFragment['person']
/** The dialog that is open, and about whom. */
export type Open =
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

/** The seats, place by place or person by person, each with what one may do with it. */
export function SeatList({
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
