import { useQuery } from '@apollo/client/react'
import { useEffect } from 'react'
import { NodeLink } from '../../app/NodeLink'
import { useOrganization } from '../../app/session'
import { SeatGapsDocument } from '../../gql/documents'
import { day } from '../../ui/dates'
import { Glyph } from '../../ui/Glyph'
import { plural } from '../../ui/numbers'
import { Failed, Status } from '../../ui/parts'
import { word } from '../../ui/words'

const DAYS = 90
/** More than these are folded away, so that the seats stay in sight. */
const FEW = 4

/** Where a role that gates ask for lacks people, or soon will; asked for anew after every change of the seats. */
export function GapsCard({ changes }: { changes: number }) {
  const { today } = useOrganization()
  const { data, previousData, error, refetch } = useQuery(SeatGapsDocument, {
    variables: { days: DAYS },
    fetchPolicy: 'cache-and-network',
  })
  useEffect(() => {
    if (changes > 0) void refetch()
  }, [changes, refetch])
  const gaps = (data ?? previousData)?.organization?.seatGaps
  if (error && !gaps)
    return (
      <section className="card gaps">
        <Failed what="The seat gaps" problem={error} retry={() => void refetch()} />
      </section>
    )
  if (!gaps) return null
  if (gaps.length === 0)
    return (
      <p className="note no-gaps">
        <span className="ok">
          <Glyph name="done" />
        </span>{' '}
        Every gate has its deciders, now and for the next {DAYS} days.
      </p>
    )
  const line = (gap: (typeof gaps)[number]) => (
    <li key={`${gap.role} ${gap.from} ${gap.at?.id} ${gap.person?.id} ${gap.sentence}`}>
      <Status tone={gap.from <= today ? 'off' : 'risk'}>
        {gap.from <= today ? 'Now' : `From ${day(gap.from, today)}`}
      </Status>
      <p>
        {gap.sentence}{' '}
        <small className="k">
          {word(gap.role)} of {gap.at ? <NodeLink node={gap.at}>{gap.at.name}</NodeLink> : 'the whole organization'}
          {gap.measures > 0 && `, ${plural(gap.measures, 'open measure')}`}
        </small>
      </p>
    </li>
  )
  return (
    <section className="card gaps" aria-label="Seat gaps">
      <header>
        <h2>Seat gaps</h2>
        <span className="grow" />
        <span className="unit">now and in the next {DAYS} days</span>
      </header>
      <ul>{gaps.slice(0, FEW).map(line)}</ul>
      {gaps.length > FEW && (
        <details>
          <summary>{plural(gaps.length - FEW, 'more gap')}</summary>
          <ul>{gaps.slice(FEW).map(line)}</ul>
        </details>
      )}
    </section>
  )
}
