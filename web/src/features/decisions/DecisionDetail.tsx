import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Crumbs } from '../../app/Page'
import { useOrganization } from '../../app/session'
import type { DecisionMeasureFragment, GateFullFragment, SubmissionRowFragment } from '../../gql/documents'
import { day, dayOf } from '../../ui/dates'
import { Glyph } from '../../ui/Glyph'
import { compact, exact, moneyIn, readable, scaleFor, unitOf } from '../../ui/numbers'
import { StageGlyph } from '../../ui/parts'
import { shortCode } from '../cascade/CascadeRowView'
import { EvidenceList } from '../milestones/EvidenceList'
import { PlanChart } from './PlanChart'
import type { Pending } from './pending'

/** What is decided upon, and where it stands in the cascade. */
export function DecisionHead({ measure, children }: { measure: DecisionMeasureFragment; children: ReactNode }) {
  const code = shortCode(measure.externalIds)
  return (
    <header>
      <Crumbs ancestors={measure.ancestors} />
      <h1>
        <Link to="/measure/$id" params={{ id: measure.id }}>
          {measure.name}
        </Link>
        {code && <span className="id">{code}</span>}
      </h1>
      {children}
    </header>
  )
}

export const Passage = ({ measure, gate }: { measure: DecisionMeasureFragment; gate: GateFullFragment }) => (
  <p className="passage">
    <StageGlyph stage={measure.stage} /> <span className="k">into</span> <StageGlyph stage={gate.into} />
  </p>
)

export function Asked({ submission, what }: { submission: SubmissionRowFragment; what: string }) {
  const { today, timeZone } = useOrganization()
  return (
    <section>
      <h2>What is asked</h2>
      {submission.comment && <p className="said">{submission.comment}</p>}
      <p>
        {submission.submittedBy.name} submitted {what} on {day(dayOf(submission.submittedAt, timeZone), today)} under
        policy v{submission.policyVersion}; the figures below are the snapshot of that moment, and nobody can edit them
        while it is open.
      </p>
    </section>
  )
}

/** The figures that were handed in, in one scale; exact on hover. */
export function Snapshot({ figures }: { figures: SubmissionRowFragment['figures'] }) {
  if (figures.length === 0) return null
  const amounts = figures.map((figure) => moneyIn(figure.value))
  const scale = scaleFor(amounts.map((money) => money?.amount))
  return (
    <section>
      <h2 className="sr">The figures handed in</h2>
      <dl className="figkv">
        {figures.map((figure, index) => {
          const money = amounts[index]
          return (
            <div key={figure.name} className={money ? undefined : 'text'}>
              <dt>{figure.name}</dt>
              {money ? (
                <dd title={exact(money)}>
                  {compact(money.amount, scale, scale.prefix === 'M' ? 2 : 0)}{' '}
                  <small>{unitOf(scale, money.currency)}</small>
                </dd>
              ) : (
                <dd>{readable(figure.value)}</dd>
              )}
            </div>
          )
        })}
      </dl>
    </section>
  )
}

/** What the gate asks, as it stood when it was submitted: the unmet first. */
export function CriteriaMet({ criteria }: { criteria: SubmissionRowFragment['criteria'] }) {
  if (criteria.length === 0) return null
  const met = criteria.filter((one) => one.met).length
  return (
    <section>
      <h2>
        Criteria, {met} of {criteria.length} met
      </h2>
      <ul className="met2">
        {criteria
          .toSorted((one, other) => Number(one.met) - Number(other.met))
          .map((one) => (
            <li key={one.code} className={one.met ? undefined : 'un'}>
              <span className={one.met ? 'ok' : 'risk'}>
                <Glyph name={one.met ? 'done' : 'risk'} word={one.met ? 'Met:' : 'Unmet:'} />
              </span>
              <span>{one.sentence}</span>
            </li>
          ))}
      </ul>
    </section>
  )
}

/** What proves it: attached to the measure itself, and to the milestones that were achieved. */
export function Evidence({ measure }: { measure: DecisionMeasureFragment }) {
  const milestones = measure.milestones.edges.map((edge) => edge.node)
  const ofMilestones = milestones.flatMap((milestone) =>
    milestone.evidence.map((one) => ({ ...one, note: [`“${milestone.name}”`, one.note].filter(Boolean).join(': ') })),
  )
  const evidence = [...measure.evidence, ...ofMilestones]
  return (
    <section>
      <h2>Evidence</h2>
      {evidence.length === 0 ? (
        <p className="k">Nothing is attached to the measure, and no milestone is achieved yet.</p>
      ) : (
        <EvidenceList evidence={evidence} />
      )}
    </section>
  )
}

export function DecisionBody({
  measure,
  submission,
}: {
  measure: DecisionMeasureFragment
  submission: SubmissionRowFragment
}) {
  return (
    <>
      <Snapshot figures={submission.figures} />
      <PlanChart measure={measure} />
      <CriteriaMet criteria={submission.criteria} />
      <Evidence measure={measure} />
    </>
  )
}

/** What one decides by not deciding. */
export const IfNothing = ({ pending }: { pending: Pending }) => (
  <section>
    <h3>If you do nothing</h3>
    <p className="k">{pending.ifNothingHappens}</p>
  </section>
)
