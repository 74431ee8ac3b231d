import type { GateFullFragment } from '../../gql/documents'
import { Icon } from '../../ui/Icon'

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** What can no longer be edited once the gate is passed. */
export function Freezes({ gate }: { gate: GateFullFragment }) {
  if (gate.readiness.freezes.length === 0) return null
  return (
    <div className="sub2">
      <h3>Freezes with Go</h3>
      <ul className="freezes">
        {gate.readiness.freezes.map((one) => (
          <li key={one}>
            <Icon name="lock" />
            {sentence(one)}
          </li>
        ))}
      </ul>
    </div>
  )
}
