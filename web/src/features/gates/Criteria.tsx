import type { GateFullFragment } from '../../gql/documents'
import { Glyph } from '../../ui/Glyph'
import { Empty } from '../../ui/parts'

type Criterion = GateFullFragment['readiness']['criteria'][number]

const CriterionList = ({ criteria, label }: { criteria: Criterion[]; label: string }) => (
  <ul className="crit" aria-label={label}>
    {criteria.map((one) => (
      <li key={one.code} className={one.met ? 'met' : 'un'}>
        <span className="g" aria-hidden="true">
          {one.met ? <Glyph name="done" /> : '!'}
        </span>
        <p>
          <span className="sr">{one.met ? 'Met: ' : 'Unmet: '}</span>
          {one.sentence}
        </p>
      </li>
    ))}
  </ul>
)

/** More met criteria than this are folded away: what is unmet, and the vote, stay in sight. */
const FEW = 8

/** What the gate asks, the unmet first. */
export function Criteria({ criteria }: { criteria: Criterion[] }) {
  const met = criteria.filter((one) => one.met)
  const unmet = criteria.filter((one) => !one.met)
  if (criteria.length === 0) return <Empty>This gate asks for nothing.</Empty>
  return (
    <>
      {unmet.length > 0 && <CriterionList criteria={unmet} label="Unmet criteria" />}
      {met.length > FEW ? (
        <details className="fold">
          <summary>
            <span className="ok">
              <Glyph name="done" />
            </span>{' '}
            {unmet.length > 0 ? `${met.length} criteria met` : `All ${met.length} criteria met`}
          </summary>
          <CriterionList criteria={met} label="Met criteria" />
        </details>
      ) : (
        met.length > 0 && <CriterionList criteria={met} label="Met criteria" />
      )}
    </>
  )
}
