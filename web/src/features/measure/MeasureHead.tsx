import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Crumbs } from '../../app/Page'
import { useOrganization } from '../../app/session'
import type { MeasureHeadFragment } from '../../gql/documents'
import { day } from '../../ui/dates'
import { Glyph } from '../../ui/Glyph'
import { Avatar, StageGlyph, StandingPill } from '../../ui/parts'
import { shortCode } from '../cascade/CascadeRowView'
import { MeasureActs } from './MeasureActs'

const Person = ({ title, person }: { title: string; person: { name: string } | null }) => (
  <div>
    <dt>
      {person && <Avatar name={person.name} small />}
      {title}
    </dt>
    <dd>
      {person?.name ?? (
        <span className="risk">
          <Glyph name="risk" /> nobody yet
        </span>
      )}
    </dd>
  </div>
)

function HeldNote({ measure }: { measure: MeasureHeadFragment }) {
  const { today } = useOrganization()
  if (measure.standing === 'ACTIVE') return null
  return (
    <div>
      <dt className="sr">Standing</dt>
      <dd>
        <StandingPill standing={measure.standing} />{' '}
        {measure.reviewOn && <span className="k">review on {day(measure.reviewOn, today)}. </span>}
        {measure.standingReason && <span className="k">{measure.standingReason}</span>}
      </dd>
    </div>
  )
}

/** The two pages of a sales plan: what it sells, and how it is governed. */
function PlanTabs({ id, sales }: { id: string; sales: boolean }) {
  return (
    <nav className="mtabs" aria-label="Sales plan">
      <Link to="/plan/$id" params={{ id }} aria-current={sales ? 'page' : undefined} activeProps={{}}>
        Sales
      </Link>
      <Link to="/measure/$id" params={{ id }} aria-current={sales ? undefined : 'page'} activeProps={{}}>
        Stage and gate
      </Link>
    </nav>
  )
}

/** Who a measure belongs to and where it stands; the same on its page and on a sales plan's. */
export function MeasureHead({
  measure,
  sales,
  children,
}: {
  measure: MeasureHeadFragment
  sales?: boolean
  children?: ReactNode
}) {
  const code = shortCode(measure.externalIds)
  const plan = measure.__typename === 'SalesPlan'
  return (
    <>
      <Crumbs ancestors={measure.ancestors} />
      <div className="mh">
        <div>
          <h1>
            {measure.name}
            {code && <span className="id">{code}</span>}
          </h1>
          <dl className="ppl">
            {plan && (
              <div>
                <dt className="sr">Stage</dt>
                <dd>
                  <StageGlyph stage={measure.stage} />
                </dd>
              </div>
            )}
            <HeldNote measure={measure} />
            <Person title={plan ? 'Sales manager' : 'Owner'} person={measure.owner} />
            <Person title="Sponsor" person={measure.sponsor} />
            <Person title="Controller" person={measure.controller} />
            {measure.businessUnit && (
              <div>
                <dt>Business unit</dt>
                <dd>{measure.businessUnit}</dd>
              </div>
            )}
          </dl>
        </div>
        <MeasureActs measure={measure}>{children}</MeasureActs>
      </div>
      {plan && <PlanTabs id={measure.id} sales={sales ?? false} />}
    </>
  )
}
