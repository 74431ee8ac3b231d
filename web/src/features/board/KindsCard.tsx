import type { RollUpFiguresFragment } from '../../gql/documents'
import { amountOf, type Scale, unitOf } from '../../ui/numbers'
import { Amount, Empty } from '../../ui/parts'
import { word } from '../../ui/words'

/** Kinds in which there is anything at all. */
const used = (rows: RollUpFiguresFragment['byKind']) =>
  rows.filter((row) => [row.plan, row.outlook, row.gap, row.runRate].some((figure) => amountOf(figure) !== 0))

export function KindsCard({
  rollUp,
  scale,
  currency,
}: {
  rollUp: RollUpFiguresFragment
  scale: Scale
  currency: string
}) {
  return (
    <section className="card" aria-label="Value by kind">
      <header>
        <h2>Value by kind</h2>
        <span className="grow" />
        <span className="unit">{unitOf(scale, currency)}</span>
      </header>
      {used(rollUp.byKind).length === 0 ? (
        <Empty>
          {rollUp.headline.plan.value
            ? 'No value line here has an amount in this period.'
            : 'The amounts of value lines are not yours to read.'}
        </Empty>
      ) : (
        <table className="tb">
          <thead>
            <tr>
              <th className="l" scope="col">
                Kind
              </th>
              <th scope="col">Plan</th>
              <th scope="col">Outlook</th>
              <th scope="col">Gap</th>
              <th scope="col">
                <abbr title="Run-rate: last month × 12 of recurring lines" style={{ textDecoration: 'none' }}>
                  Run-rate
                </abbr>
              </th>
            </tr>
          </thead>
          <tbody>
            {used(rollUp.byKind).map((row) => (
              <tr key={row.kind}>
                <th scope="row">{word(row.kind)}</th>
                <td>
                  <Amount money={row.plan.value} scale={scale} />
                </td>
                <td>
                  <Amount money={row.outlook.value} scale={scale} />
                </td>
                <td>
                  <Amount
                    money={row.gap.value}
                    scale={scale}
                    variance={row.kind !== 'ONE_OFF_COST' && row.kind !== 'CAPEX' && row.kind !== 'RUN_COST'}
                  />
                </td>
                <td className="dim">
                  <Amount money={row.runRate.value} scale={scale} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <footer>
        <span className="note">Avoidance is never added to savings; revenue never to margin.</span>
      </footer>
    </section>
  )
}
