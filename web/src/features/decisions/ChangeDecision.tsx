import type { DecisionMeasureFragment, LendingFragment } from '../../gql/documents'
import { StageGlyph } from '../../ui/parts'
import { word } from '../../ui/words'
import { ChangeReason, Differs } from '../changes/ChangeCard'
import { ChangeVote } from '../changes/ChangeVote'
import { changeName } from '../changes/names'
import { DelegateButton } from '../delegations/DelegateDialog'
import { RemindLine } from '../gates/RemindLine'
import { Votes } from '../gates/Votes'
import { Questions } from '../questions/Questions'
import { DecisionHead, Evidence, IfNothing } from './DecisionDetail'
import { MayVote } from './MayVote'
import { PlanChart } from './PlanChart'
import type { Pending } from './pending'

type Props = { measure: DecisionMeasureFragment; pending: Pending; seats: LendingFragment['viewer']['seats'] }

/** A change of a decided plan, or a reopening, that waits for one's vote. */
export function ChangeDecision({ measure, pending, seats }: Props) {
  const change = measure.openChange
  if (!change) return null
  return (
    <>
      <article className="dd" aria-label={measure.name}>
        <DecisionHead measure={measure}>
          <p className="passage">
            <StageGlyph stage={measure.stage} /> <span className="k">{changeName(change)}</span>
          </p>
        </DecisionHead>
        <section>
          <h2>What is asked</h2>
          <ChangeReason change={change} />
        </section>
        <section>
          <h2>What would change</h2>
          <Differs change={change} />
        </section>
        <PlanChart measure={measure} />
        <Evidence measure={measure} />
        <section>
          <h2>Questions</h2>
          <Questions submission={change.id} questions={change.questions} acts={change.acts} />
        </section>
      </article>
      <aside className="dp" aria-label="Your vote">
        {change.votesAs && (
          <section>
            <h3>
              Your vote as {word(change.votesAs).toLowerCase()}
              {change.votesFor && `, in the place of ${change.votesFor.name}`}
            </h3>
            <ChangeVote
              change={change}
              name={measure.name}
              beside={<DelegateButton seats={seats} role={change.votesAs} />}
            />
          </section>
        )}
        <Votes given={change.decisions} awaited={change.waitingOn} since={change.proposedAt}>
          <RemindLine gate={change.gate} waitingOn={change.waitingOn} />
        </Votes>
        <IfNothing pending={pending} />
        <MayVote measure={measure} role={change.votesAs} lender={change.votesFor} seats={seats} />
      </aside>
    </>
  )
}
