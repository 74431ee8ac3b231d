/** One thing that waits for the viewer's vote, as the list shows it. */
import type { PendingRowFragment } from '../../gql/documents'
import type { Money } from '../../ui/numbers'
import { word } from '../../ui/words'
import { changeName } from '../changes/names'

export type Pending = {
  /** The gate at which it is decided: a measure has one open submission at a time. */
  id: string
  measure: { id: string; name: string }
  /** "Gate into Decided", "Change of the plan", "Reopening" */
  asked: string
  kind: 'gate' | 'change'
  atStake: Money | null
  ageDays: number
  /** Whose vote it is, where it is lent. */
  lentBy: string | null
  ifNothingHappens: string
}

const askedOf = ({ change, node }: PendingRowFragment): string =>
  change ? changeName(change) : `Gate into ${word(node.into)}`

export const pendingOf = (edge: PendingRowFragment): Pending => ({
  id: edge.node.id,
  measure: edge.node.measure,
  asked: askedOf(edge),
  kind: edge.change ? 'change' : 'gate',
  atStake: edge.atStake.value,
  ageDays: edge.ageDays,
  lentBy: edge.onBehalfOf?.name ?? null,
  ifNothingHappens: edge.ifNothingHappens,
})

/** Days after which waiting is worth a sign. */
const OLD_DAYS = 14

export const isOld = (one: Pick<Pending, 'ageDays'>): boolean => one.ageDays > OLD_DAYS
