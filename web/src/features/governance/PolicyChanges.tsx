import { NodeLink } from '../../app/NodeLink'
import { plural } from '../../ui/numbers'
import { word } from '../../ui/words'
import type { Shown } from './usePolicies'

type Simulation = NonNullable<Shown['simulation']>
type Effect = Simulation['effects'][number]

/** What changes for one measure, shortest first: who joins, who leaves, what it lacks. */
function effectsOf(effect: Effect): string[] {
  const roles = (named: readonly string[]) => named.map((role) => word(role).toLowerCase()).join(', ')
  return [
    ...(effect.joins.length > 0 ? [`needs ${roles(effect.joins)} as well`] : []),
    ...(effect.leaves.length > 0 ? [`no longer needs ${roles(effect.leaves)}`] : []),
    ...effect.lacking,
    ...effect.unmet.map((one) => one.sentence),
    ...effect.spared.map((one) => `no longer in the way: ${one.sentence}`),
  ]
}

function Simulated({ simulation }: { simulation: Simulation }) {
  const more = simulation.changed - simulation.effects.length
  return (
    <div className="sim">
      <h3>Simulated on the open measures that you see</h3>
      {simulation.sentences.map((sentence, index) => (
        <p key={sentence} className={index === 0 ? 'p' : undefined}>
          {sentence}
        </p>
      ))}
      {simulation.effects.length > 0 && (
        <details>
          <summary>Which measures, and what for each</summary>
          <ul className="effects">
            {simulation.effects.map((effect) => (
              <li key={effect.measure.id}>
                <NodeLink node={effect.measure} className="p">
                  {effect.measure.name}
                </NodeLink>{' '}
                <small className="k">into {word(effect.into)}</small>
                <ul className="bullets">
                  {effectsOf(effect).map((one) => (
                    <li key={one}>{one}</li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
          {more > 0 && <p className="k">and {plural(more, 'more measure')}</p>}
        </details>
      )}
    </div>
  )
}

/** What a version changes against the one before it, or in force; and while it is not locked, for which measures. */
export function PolicyChanges({ policy }: { policy: Shown }) {
  if (policy.locked && policy.differences.length === 0) return null
  const would = policy.locked ? 'What it changed' : 'What it would change'
  return (
    <section className="card" aria-label={would}>
      <header>
        <h2>{would}</h2>
        <span className="grow" />
        <span className="unit">{policy.locked ? 'against the version before it' : 'against the policy in force'}</span>
      </header>
      <div className="pad would">
        {policy.simulation && <Simulated simulation={policy.simulation} />}
        {policy.differences.length === 0 ? (
          <p className="k">Nothing: it asks for the very same.</p>
        ) : (
          <div>
            <h3>{plural(policy.differences.length, 'difference')}</h3>
            <ul className="bullets diffs">
              {policy.differences.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </section>
  )
}
