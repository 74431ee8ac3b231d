/** One thing that waits for the viewer's vote, as the list shows it. */
import type { Money } from '../../ui/numbers'

export type Pending = {
  id: string
  measure: { id: string; name: string }
  /** "Gate into Decided", "Change of the plan" */
  asked: string
  atStake: Money | null
  ageDays: number
  /** Whose vote it is, where it is lent. */
  lentBy: string | null
}

/** Days after which waiting is worth a sign. */
const OLD_DAYS = 14

export const isOld = (one: Pick<Pending, 'ageDays'>): boolean => one.ageDays > OLD_DAYS
