import { Link, useRouterState } from '@tanstack/react-router'
import { Icon, type IconName, Mark } from '../ui/Icon'
import { useOrganization } from './session'

type Place = {
  to: '/' | '/cascade' | '/plans' | '/milestones' | '/ledger'
  word: string
  icon: IconName
  under: RegExp
}

const PLACES: Place[] = [
  { to: '/', word: 'Board', icon: 'board', under: /^\/(board\/|$)/ },
  { to: '/cascade', word: 'Cascade', icon: 'cascade', under: /^\/(cascade|measure)/ },
  { to: '/plans', word: 'Sales plans', icon: 'sales', under: /^\/plan/ },
  { to: '/milestones', word: 'Milestones', icon: 'milestone', under: /^\/milestones/ },
  { to: '/ledger', word: 'Ledger', icon: 'ledger', under: /^\/ledger/ },
]

function PlaceLink({ place }: { place: Place }) {
  const path = useRouterState({ select: (state) => state.location.pathname })
  return (
    <Link to={place.to} aria-current={place.under.test(path) ? 'page' : undefined} activeProps={{}}>
      <Icon name={place.icon} />
      <span>{place.word}</span>
    </Link>
  )
}

export function Rail() {
  const { policy } = useOrganization()
  return (
    <nav className="rail" aria-label="Main">
      <div className="brand">
        <Mark />
        Stageline
      </div>
      <ul>
        {PLACES.map((place) => (
          <li
            key={place.to}
            style={
              place.to === '/ledger' ? { borderTop: '1px solid var(--border)', marginTop: 8, paddingTop: 8 } : undefined
            }
          >
            <PlaceLink place={place} />
          </li>
        ))}
      </ul>
      <div className="railfoot">
        <p>
          <Icon name="lock" />
          Policy v{policy.version}
          {policy.locked ? ', locked' : ', not locked'}
        </p>
      </div>
    </nav>
  )
}

/** The same places at the bottom of a phone. */
export function Tabs() {
  return (
    <nav className="tabs" aria-label="Main, phone">
      {PLACES.map((place) => (
        <PlaceLink key={place.to} place={place} />
      ))}
    </nav>
  )
}
