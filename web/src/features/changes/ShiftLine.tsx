import { useState } from 'react'
import { SelectField } from '../../ui/fields'
import type { Slot } from './difference'

const MOST = 12

/** The usual change: everything from a month on comes later. */
export function ShiftLine({ slots, onShift }: { slots: readonly Slot[]; onShift: (from: number, by: number) => void }) {
  const [from, setFrom] = useState(0)
  const [by, setBy] = useState(1)
  return (
    <div className="shift">
      <SelectField
        label="From"
        name="shift-from"
        value={String(from)}
        onChange={(value) => setFrom(Number(value))}
        choices={slots.map((slot, index) => ({ value: String(index), label: slot.label }))}
      />
      <SelectField
        label="Later by"
        name="shift-by"
        value={String(by)}
        onChange={(value) => setBy(Number(value))}
        choices={Array.from({ length: MOST }, (_, index) => ({
          value: String(index + 1),
          label: index === 0 ? '1 month' : `${index + 1} months`,
        }))}
      />
      <button type="button" className="btn" onClick={() => onShift(from, by)}>
        Move
      </button>
    </div>
  )
}
