import type { DecisionMeasureFragment, LendingFragment } from '../../gql/documents'
import { Icon } from '../../ui/Icon'
import { word } from '../../ui/words'
import { DelegateButton } from '../delegations/DelegateDialog'
import { GateVote } from '../gates/GateVote'
import { Votes } from '../gates/Votes'
import { Asked, DecisionBody, DecisionHead, Passage } from './DecisionDetail'
import type { Pending } from './pending'

type Seats = LendingFragment['viewer']['seats']

type Props = { measure: DecisionMeasureFragment; pending: Pending; seats: Seats }

/** A passage through a gate that waits for one's vote. */
export function GateDecision({ measure, pending, seats }: Props) {
  const gate = measure.nextGate
  const submission = gate?.submission
  if (!gate || !submission) return null
  const role = gate.votesAs && word(gate.votesAs).toLowerCase()
  return (
    <>
      <article className="dd" aria-label={measure.name}>
        <DecisionHead measure={measure}>
          <Passage measure={measure} gate={gate} />
        </DecisionHead>
        <Asked submission={submission} what="it" />
        <DecisionBody measure={measure} submission={submission} />
      </article>
      <aside className="dp" aria-label="Your vote">
        {role && (
          <section>
            <h3>
              Your vote as {role}
              {gate.votesFor && `, in the place of ${gate.votesFor.name}`}
            </h3>
            <GateVote gate={gate} name={measure.name} beside={<DelegateButton seats={seats} role={gate.votesAs} />} />
          </section>
        )}
        <Votes gate={gate} />
        {gate.readiness.freezes.length > 0 && (
          <section>
            <h3>Freezes with Go</h3>
            <ul className="freezes">
              {gate.readiness.freezes.map((one) => (
                <li key={one}>
                  <Icon name="lock" />
                  {one}
                </li>
              ))}
            </ul>
          </section>
        )}
        <section>
          <h3>If you do nothing</h3>
          <p className="k">{pending.ifNothingHappens}</p>
        </section>
      </aside>
    </>
  )
}
