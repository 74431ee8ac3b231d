import { Link } from '@tanstack/react-router'
import { NodeLink } from '../../app/NodeLink'
import { useOrganization } from '../../app/session'
import type { RollUpFiguresFragment } from '../../gql/documents'
import { Glyph } from '../../ui/Glyph'
import { amountOf, compact, plural, type Scale, unitOf } from '../../ui/numbers'
import { Amount, Empty } from '../../ui/parts'
import { STAGES, stageNumber, word } from '../../ui/words'

export function GatesCard({
  rollUp,
  scale,
  currency,
}: {
  rollUp: RollUpFiguresFragment
  scale: Scale
  currency: string
}) {
  const { stalledAfterDays } = useOrganization().policy.cadence
  const waiting = rollUp.waiting.filter((gate) => gate.measures > 0)
  const count = waiting.reduce((sum, gate) => sum + gate.measures, 0)
  const value = waiting.reduce((sum, gate) => sum + amountOf(gate.value), 0)
  return (
    <section className="card" aria-label="Gates waiting">
      <header>
        <h2>Gates waiting</h2>
        <span className="grow" />
        <span className="unit">
          {plural(count, 'gate')}
          {count > 0 && waiting[0]?.value.value && `, ${compact(value, scale)} ${unitOf(scale, currency)}`}
        </span>
      </header>
      {count === 0 ? (
        <Empty>No submission waits for a decision.</Empty>
      ) : (
        <ul className="list rows">
          {waiting.map((gate) => {
            const from = STAGES[stageNumber(gate.into) - 1]
            const named = gate.value.inputs.filter((input) => input.source)
            return (
              <li key={gate.into}>
                <div className="row">
                  <span className="a">
                    <b>
                      <Link to="/cascade" search={{ stage: from }}>
                        Into {word(gate.into)}
                      </Link>
                    </b>
                    <span>
                      {plural(gate.measures, 'measure')}
                      {named.length > 0 && ': '}
                      {named.slice(0, 3).map((input, index) => (
                        <span key={input.source?.id}>
                          {index > 0 && ', '}
                          {input.source && (
                            <NodeLink className="lkn" node={input.source}>
                              {input.name}
                            </NodeLink>
                          )}
                        </span>
                      ))}
                      {named.length > 3 && ` and ${named.length - 3} more`}
                    </span>
                  </span>
                  <span className="m">
                    <Amount money={gate.value.value} scale={scale} decimals={2} />
                    <small className={gate.oldestDays > stalledAfterDays ? 'late' : undefined}>
                      {plural(gate.oldestDays, 'd', 'd')} {gate.oldestDays > stalledAfterDays && <Glyph name="risk" />}
                    </small>
                  </span>
                </div>
              </li>
            )
          })}
        </ul>
      )}
      <footer>
        <span className="note">
          Age of the oldest submission; <Glyph name="risk" /> after {stalledAfterDays} days.
        </span>
      </footer>
    </section>
  )
}
