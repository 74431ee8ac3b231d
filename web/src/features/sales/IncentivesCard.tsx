import type { PlanPageFragment } from '../../gql/documents'
import { Glyph } from '../../ui/Glyph'
import { NBSP, plain } from '../../ui/numbers'
import { Empty } from '../../ui/parts'
import { word } from '../../ui/words'
import { alignmentOf } from './sales'

const CLASSES = { plan: undefined, above: 'an', elsewhere: 'el' } as const

export function IncentivesCard({ plan }: { plan: PlanPageFragment }) {
  const { sellers, share } = alignmentOf(
    plan.incentives,
    plan.id,
    plan.ancestors.map((node) => node.id),
  )
  return (
    <section className="card" aria-label="Incentive alignment">
      <header>
        <h2>Incentive alignment</h2>
      </header>
      {share === null ? (
        <Empty>No incentive weights are recorded. The gate into {word('DECIDED')} asks for them.</Empty>
      ) : (
        <>
          <p className="pad big">
            <span className="num">
              {plain(share * 100)}
              {NBSP}%
            </span>{' '}
            <small className="k">of the weight supports this plan</small>
          </p>
          <ul className="inc">
            {sellers.map((row) => (
              <li key={row.seller.id}>
                <div className="row">
                  <span>{row.seller.name}</span>
                  <span className="num">
                    {plain(row.aligned)}
                    {NBSP}%{' '}
                    {row.aligned === 0 && (
                      <span className="off">
                        <Glyph name="off" word="nothing supports this plan" />
                      </span>
                    )}
                  </span>
                </div>
                <div className="st" aria-hidden="true">
                  {row.parts.map((part) => (
                    <b key={part.name} className={CLASSES[part.to]} style={{ flex: part.weight }} />
                  ))}
                </div>
                <small>
                  {row.parts.map((part) => `${part.name} ${plain(part.weight)}`).join(', ')}
                  {row.aligned === 0 && ': nothing rewards this plan'}
                </small>
              </li>
            ))}
          </ul>
          <footer>
            <span className="leg">
              <span>
                <i style={{ background: 'var(--ink)' }} />
                This plan
              </span>
              <span>
                <i style={{ background: 'var(--ink-2)' }} />
                Above it
              </span>
              <span>
                <i className="k-plan" />
                Elsewhere
              </span>
            </span>
          </footer>
        </>
      )}
    </section>
  )
}
