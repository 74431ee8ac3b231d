import type { GateFullFragment, MeasureGatesFragment } from '../../gql/documents'
import { permission } from '../../ui/Why'
import { word } from '../../ui/words'
import { Questions } from '../questions/Questions'
import { Criteria } from './Criteria'
import { Freezes } from './Freezes'
import { GateButtons, type Measure } from './GateButtons'
import { GateVote } from './GateVote'
import { RemindLine } from './RemindLine'
import { History, SubmittedNote } from './Submissions'
import { GateVotes } from './Votes'

/** The next gate: what it asks, who decides, what it freezes, and the buttons. */
export function GateCard({
  measure,
  gate,
  gates,
}: {
  measure: Measure
  gate: GateFullFragment | null
  gates: MeasureGatesFragment['gates']
}) {
  if (!gate)
    return (
      <section className="card o3" aria-label="Next gate">
        <header>
          <h2>Every gate is passed</h2>
        </header>
        <div className="pad">
          <p className="k">The controller has confirmed the value in the books; this measure is closed.</p>
        </div>
        <History gates={gates} />
      </section>
    )
  const criteria = gate.submission?.criteria.length ? gate.submission.criteria : gate.readiness.criteria
  const met = criteria.filter((one) => one.met).length
  const mayDecide = permission(gate.acts, 'decideGate')
  return (
    <section className="card o3" aria-label="Next gate">
      <header>
        <h2>Next gate: {word(gate.into)}</h2>
        <span className="grow" />
        <span className="unit">
          {met} of {criteria.length} met
        </span>
      </header>
      {gate.submission && mayDecide?.allowed && <GateVote gate={gate} name={measure.name} />}
      {gate.submission && <SubmittedNote submission={gate.submission} />}
      <Criteria criteria={criteria} />
      <GateVotes gate={gate}>{gate.submission && <RemindLine gate={gate} waitingOn={gate.waitingOn} />}</GateVotes>
      {gate.submission && (
        <div className="sub2">
          <h3>Questions</h3>
          <Questions
            submission={gate.submission.id}
            questions={gate.submission.questions}
            acts={gate.submission.acts}
          />
        </div>
      )}
      <Freezes gate={gate} />
      <GateButtons gate={gate} measure={measure} />
      <History gates={gates} />
    </section>
  )
}
