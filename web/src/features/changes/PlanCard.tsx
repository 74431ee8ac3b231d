import { useState } from 'react'
import { useOrganization } from '../../app/session'
import type { MeasureChangesFragment } from '../../gql/documents'
import { day, dayOf } from '../../ui/dates'
import { plural, scaleFor, unitOf } from '../../ui/numbers'
import { Amount } from '../../ui/parts'
import { word } from '../../ui/words'
import { ExplainFigure } from '../board/Explain'
import { VoteTold } from '../gates/Submissions'
import { CompareDialog } from './CompareDialog'
import { changeName } from './names'

type Drift = NonNullable<MeasureChangesFragment['drift']>

/** How far the plan and its dates have come from what was decided first. */
function DriftFigures({ drift }: { drift: Drift }) {
  const figure = drift.quota ?? drift.headline
  const scale = scaleFor([figure.value?.amount])
  const late = drift.milestones.flatMap((one) => (one.days !== null && one.days > 0 ? [one.days] : []))
  if (drift.version === 1 && late.length === 0) return <p className="k">As it was decided; no date has moved later.</p>
  return (
    <dl className="kv drift">
      <div>
        <dt>{drift.quota ? 'Quota' : 'Plan'} against version 1</dt>
        <dd>
          <Amount money={figure.value} scale={scale} variance />
          {figure.value && <small>{unitOf(scale, figure.value.currency)}</small>}
          <ExplainFigure title="Drift" figure={figure} />
        </dd>
      </div>
      <div>
        <dt>Dates against version 1</dt>
        <dd>
          {late.length === 0 ? 'none later' : `${late.length} later`}
          {late.length > 0 && <small>by up to {plural(Math.max(...late), 'day')}</small>}
        </dd>
      </div>
    </dl>
  )
}

/** Changes and reopenings that were decided or taken back: part of the record. */
function Ended({ requests }: { requests: MeasureChangesFragment['changeRequests'] }) {
  const { today, timeZone } = useOrganization()
  const ended = requests.filter((one) => one.endedAt !== null)
  if (ended.length === 0) return null
  return (
    <details className="sub2 hist">
      <summary>Earlier change requests, {ended.length}</summary>
      <ol>
        {ended.map((one) => (
          <li key={one.id}>
            <p>
              <b>
                {changeName(one)}: {one.retracted ? 'taken back' : one.outcome ? word(one.outcome) : 'ended'}
              </b>{' '}
              <small className="k">{one.endedAt && day(dayOf(one.endedAt, timeZone), today)}</small>
            </p>
            <small className="k">
              {one.proposedBy.name}: {one.reason}
            </small>
            {one.decisions.map((vote) => (
              <VoteTold key={vote.at + vote.by.id} vote={vote} />
            ))}
          </li>
        ))}
      </ol>
    </details>
  )
}

/** The decided plan: which version stands, how far it has come from the first, and every version before it. */
export function PlanCard({ measure }: { measure: MeasureChangesFragment & { id: string } }) {
  const { today, timeZone } = useOrganization()
  const [comparing, setComparing] = useState(false)
  const { planVersions: versions, drift } = measure
  const now = versions.at(-1)
  if (!now || !drift) return null
  return (
    <section className="card" aria-label="Plan versions">
      <header>
        <h2>Plan v{now.version}</h2>
        <span className="grow" />
        {versions.length > 1 && (
          <button type="button" className="btn small" onClick={() => setComparing(true)}>
            Compare
          </button>
        )}
      </header>
      <div className="pad">
        <DriftFigures drift={drift} />
      </div>
      <ol className="list" aria-label="Versions">
        {versions.toReversed().map((one) => (
          <li key={one.version}>
            <span className="row">
              <span className="a">
                <b>Version {one.version}</b>
                <span>{one.change?.reason ?? `Frozen by the gate into ${word('DECIDED')}.`}</span>
              </span>
              <span className="m">
                <small>{day(dayOf(one.madeAt, timeZone), today)}</small>
              </span>
            </span>
          </li>
        ))}
      </ol>
      <Ended requests={measure.changeRequests} />
      {comparing && <CompareDialog measure={measure.id} latest={now.version} onClose={() => setComparing(false)} />}
    </section>
  )
}
