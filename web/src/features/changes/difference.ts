/** What a proposed plan would change. Texts are what stands in the fields; sums are for display only. */
import { typedDecimal } from '../../ui/numbers'

/** One place of the plan: a month of a line or of a segment's quota, or the date of a milestone. */
export type Slot = { key: string; label: string; now: string }

/** What was typed over some of the slots, by key. An untouched slot is not in it. */
export type Edits = Readonly<Record<string, string>>

/** What a slot would hold, as the exact decimal the API takes; an empty field holds nothing. */
export function newAmount(slot: Slot, edits: Edits): string {
  const typed = edits[slot.key]
  if (typed === undefined) return slot.now
  return typed.trim() === '' ? '' : (typedDecimal(typed) ?? typed.trim())
}

const same = (one: string, other: string): boolean =>
  one === other || (one !== '' && other !== '' && Number(one) === Number(other))

/** The slots that would change. "100" and "100.00" are the same amount. */
export const changed = (slots: readonly Slot[], edits: Edits): Slot[] =>
  slots.filter((slot) => !same(slot.now, newAmount(slot, edits)))

/** The slots whose text is no number; none may be sent. */
export const unreadable = (slots: readonly Slot[], edits: Edits): Slot[] =>
  slots.filter((slot) => Number.isNaN(Number(newAmount(slot, edits))))

/** New less current of one slot; null where nothing differs, or no number stands there. */
export function deltaOf(slot: Slot, edits: Edits): number | null {
  const after = newAmount(slot, edits)
  if (same(slot.now, after) || Number.isNaN(Number(after))) return null
  return Number(after) - Number(slot.now)
}

export const sumOf = (slots: readonly Slot[], edits: Edits): number =>
  slots.reduce((sum, slot) => sum + (deltaOf(slot, edits) ?? 0), 0)

/** Everything from a slot on comes `by` slots later; what it leaves behind is empty. */
export function shifted(slots: readonly Slot[], from: number, by: number): Edits {
  const edits: Record<string, string> = {}
  slots.forEach((slot, index) => {
    if (index < from) return
    const source = index - by
    edits[slot.key] = source < from ? '' : (slots[source]?.now ?? '')
  })
  return edits
}
