import type { DecisionMeasureFragment, LendingFragment, Role } from '../../gql/documents'
import { word } from '../../ui/words'

type Seat = LendingFragment['viewer']['seats'][number]
type Props = {
  measure: DecisionMeasureFragment
  role: Role | null
  lender: { name: string } | null
  seats: readonly Seat[]
}

/** Where one holds the seat that gives the vote: the nearest above the measure. */
function placeOf(seats: readonly Seat[], role: Role, measure: DecisionMeasureFragment): string | null {
  const above = [...measure.ancestors.map((node) => node.id), measure.id]
  const mine = seats.filter((seat) => seat.role === role)
  const nearest = above.toReversed().find((id) => mine.some((seat) => seat.at?.id === id))
  if (nearest) return mine.find((seat) => seat.at?.id === nearest)?.at?.name ?? null
  return mine.some((seat) => seat.everywhere) ? 'the whole organization' : null
}

/** Why one may vote here. Whether one may is the server's to say. */
export function MayVote({ measure, role, lender, seats }: Props) {
  if (!role) return null
  const spoken = word(role).toLowerCase()
  const place = placeOf(seats, role, measure)
  const why = lender
    ? `${lender.name} lent you the vote as ${spoken}`
    : place
      ? `you hold the ${spoken} seat of ${place}`
      : `you are its ${spoken}`
  return (
    <section>
      <p className="note">You may vote: {why}, and you neither own nor submitted this.</p>
    </section>
  )
}
