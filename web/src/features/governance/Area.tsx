import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Page } from '../../app/Page'
import './governance.css'

const PLACES = [
  ['/governance/policy', 'Policy'],
  ['/governance/seats', 'Seats'],
  ['/governance/delegations', 'Delegations'],
  ['/governance/rights', 'Rights'],
] as const

/** A page of the governance area: its name, what is said there, and the way to its neighbours. */
export function Area({
  title,
  sub,
  acts,
  children,
}: {
  title: string
  sub: string
  acts?: ReactNode
  children: ReactNode
}) {
  return (
    <Page title={title}>
      <nav className="areas" aria-label="Governance">
        {PLACES.map(([to, name]) => (
          <Link key={to} to={to} activeProps={{ 'aria-current': 'page' }}>
            {name}
          </Link>
        ))}
      </nav>
      <div className="ph">
        <div>
          <h1>{title}</h1>
          <p className="sub">{sub}</p>
        </div>
        <span className="grow" />
        {acts && <div className="acts">{acts}</div>}
      </div>
      {children}
    </Page>
  )
}
