import type { DecisionMeasureFragment, LendingFragment } from '../../gql/documents'
import { word } from '../../ui/words'
import { DelegateButton } from '../delegations/DelegateDialog'
import { Freezes } from '../gates/Freezes'
import { GateVote } from '../gates/GateVote'
import { RemindLine } from '../gates/RemindLine'
import { GateVotes } from '../gates/Votes'
import { Questions } from '../questions/Questions'
import { Asked, DecisionBody, DecisionHead, IfNothing, Passage } from './DecisionDetail'
import { MayVote } from './MayVote'
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
        <section>
          <h2>Questions</h2>
          <Questions submission={submission.id} questions={submission.questions} acts={submission.acts} />
        </section>
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
        <GateVotes gate={gate}>
          <RemindLine gate={gate} waitingOn={gate.waitingOn} />
        </GateVotes>
        <Freezes gate={gate} />
        <IfNothing pending={pending} />
        <MayVote measure={measure} role={gate.votesAs} lender={gate.votesFor} seats={seats} />
      </aside>
    </>
  )
}
