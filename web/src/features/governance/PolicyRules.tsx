import type { PolicyFullFragment } from '../../gql/documents'
import { Icon } from '../../ui/Icon'
import { percent } from '../../ui/numbers'
import { kindsTogether, stageNumber, standardWord, word } from '../../ui/words'
import { isRenamed } from './policy'

export function Weights({ policy }: { policy: PolicyFullFragment }) {
  return (
    <section className="card" aria-label="Stage weights">
      <header>
        <h2>Stage weights</h2>
        <span className="grow" />
        <span className="unit">% of the planned value</span>
      </header>
      <table className="tb">
        <tbody>
          {policy.stages.map(({ stage, weight }) => (
            <tr key={stage}>
              <th scope="row">
                <span className="num">{stageNumber(stage)}</span> {word(stage)}
              </th>
              <td className="weight">
                <span className="bar" aria-hidden="true">
                  <b style={{ width: `${weight}%` }} />
                </span>
              </td>
              <td>{weight}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

export function Rules({ policy, onEdit }: { policy: PolicyFullFragment; onEdit?: () => void }) {
  const { lights, cadence } = policy
  const days = (count: number) => (count === 1 ? '1 day' : `${count} days`)
  const rows = [
    ['Headline value', kindsTogether(policy.headlineKinds)],
    ['Sustain window', `${policy.sustainMonths} months in the books before a measure is closed`],
    ['Potential is green', `from ${percent(lights.greenFrom)} of the plan on, amber from ${percent(lights.amberFrom)}`],
    [
      'Implementation is amber',
      `after ${days(lights.amberAfterDays)} of delay, red after ${days(lights.redAfterDays)}`,
    ],
    ['Reviews', `${word(cadence.cycle).toLowerCase()}, due ${days(cadence.dueDays)} after the period`],
    ['Deciders are reminded', `after ${days(cadence.remindAfterDays)}`],
    ['A gate counts as stalled', `after ${days(cadence.stalledAfterDays)}`],
    ['Amounts', `in ${policy.currency}`],
  ]
  return (
    <section className="card" aria-label="Figures, lights and cadence">
      <header>
        <h2>Figures, lights and cadence</h2>
        <span className="grow" />
        {onEdit && (
          <button
            type="button"
            className="btn quiet icon edit"
            aria-label="Edit weights, lights, cadence and names"
            onClick={onEdit}
          >
            <Icon name="pencil" />
          </button>
        )}
      </header>
      <table className="tb rules">
        <tbody>
          {rows.map(([what, rule]) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td className="l">{rule}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

export function Names({ policy }: { policy: PolicyFullFragment }) {
  const own = [
    ...policy.levels.map(({ level, name }) => [level, name] as const),
    ...policy.stages.map(({ stage, name }) => [stage, name] as const),
  ].filter(([key, name]) => isRenamed(key, name, standardWord))
  return (
    <section className="card" aria-label="Own names">
      <header>
        <h2>Own names</h2>
      </header>
      {own.length === 0 ? (
        <p className="pad k">Levels and stages are called by their standard names.</p>
      ) : (
        <table className="tb rules">
          <tbody>
            {own.map(([key, name]) => (
              <tr key={key}>
                <th scope="row">{standardWord(key)}</th>
                <td className="l">is called “{name}”</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
