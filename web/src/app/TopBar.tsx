import { AccountMenu } from '../features/people/AccountMenu'
import { Icon } from '../ui/Icon'
import { initials } from '../ui/words'
import { AsOfMenu } from './AsOf'
import { LiveBadge } from './LiveBadge'
import { PeriodMenu } from './PeriodMenu'
import { useOrganization } from './session'

export function TopBar({ onSearch }: { onSearch: () => void }) {
  const { name } = useOrganization()
  return (
    <header className="top">
      <div className="org">
        <span className="mk" aria-hidden="true">
          {initials(name)}
        </span>
        <b title={name}>{name}</b>
      </div>
      <span className="vr" />
      <AsOfMenu />
      <PeriodMenu />
      <LiveBadge />
      <span className="grow" />
      <button className="find" type="button" onClick={onSearch}>
        <Icon name="search" />
        <span>Search or jump to</span>
        <kbd>Ctrl K</kbd>
      </button>
      <AccountMenu />
    </header>
  )
}
