import { Link, useRouterState } from '@tanstack/react-router'
import { useDecisionCount, useDecisions } from '../features/decisions/useDecisions'
import { Icon, type IconName, Mark } from '../ui/Icon'
import { Pop } from '../ui/Pop'
import { useOrganization } from './session'

type Place = {
  to:
    | '/'
    | '/cascade'
    | '/plans'
    | '/milestones'
    | '/decisions'
    | '/review'
    | '/findings'
    | '/ledger'
    | '/imports'
    | '/governance'
  word: string
  /** What a phone calls it, where that is shorter. */
  short?: string
  icon: IconName
  under: RegExp
  /** Whether a line stands above it in the rail. */
  parted?: boolean
  /** On a phone it is behind “More”: the bar holds four. */
  more?: boolean
}

const PLACES: Place[] = [
  { to: '/', word: 'Board', icon: 'board', under: /^\/(board\/|$)/ },
  { to: '/cascade', word: 'Cascade', icon: 'cascade', under: /^\/(cascade|measure)/ },
  { to: '/plans', word: 'Sales plans', icon: 'sales', under: /^\/plan/, more: true },
  { to: '/milestones', word: 'Milestones', icon: 'milestone', under: /^\/milestones/ },
  {
    to: '/decisions',
    word: 'My decisions',
    short: 'Decisions',
    icon: 'decision',
    under: /^\/decisions/,
    parted: true,
  },
  { to: '/review', word: 'Review', icon: 'calendar', under: /^\/review/, more: true },
  { to: '/findings', word: 'Findings', icon: 'finding', under: /^\/findings/, more: true },
  { to: '/ledger', word: 'Ledger', icon: 'ledger', under: /^\/ledger/, parted: true, more: true },
  { to: '/imports', word: 'Imports', icon: 'file', under: /^\/imports/, more: true },
  { to: '/governance', word: 'Governance', icon: 'governance', under: /^\/governance/, more: true },
]

type LinkProps = { place: Place; count?: number | null; short?: boolean; onGo?: () => void }

function PlaceLink({ place, count, short, onGo }: LinkProps) {
  const path = useRouterState({ select: (state) => state.location.pathname })
  return (
    <Link to={place.to} aria-current={place.under.test(path) ? 'page' : undefined} activeProps={{}} onClick={onGo}>
      <Icon name={place.icon} />
      <span>{(short && place.short) || place.word}</span>
      {Boolean(count) && (
        <em>
          {count}
          <span className="sr"> waiting</span>
        </em>
      )}
    </Link>
  )
}

export function Rail() {
  const { policy } = useOrganization()
  const waiting = useDecisionCount()
  return (
    <nav className="rail" aria-label="Main">
      <div className="brand">
        <Mark />
        Stageline
      </div>
      <ul>
        {PLACES.map((place) => (
          <li key={place.to} className={place.parted ? 'parted' : undefined}>
            <PlaceLink place={place} count={place.to === '/decisions' ? waiting : null} />
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
  const { viewer } = useDecisions()
  const waiting = viewer?.decisions.totalCount
  return (
    <nav className="tabs" aria-label="Main, phone">
      {PLACES.filter((place) => !place.more).map((place) => (
        <PlaceLink key={place.to} place={place} count={place.to === '/decisions' ? waiting : null} short />
      ))}
      <Pop
        className="tab"
        label={
          <>
            <Icon name="more" />
            <span>More</span>
          </>
        }
      >
        {(close) =>
          PLACES.filter((place) => place.more).map((place) => <PlaceLink key={place.to} place={place} onGo={close} />)
        }
      </Pop>
    </nav>
  )
}
