import { Link } from '@tanstack/react-router'
import type { LendingFragment } from '../../gql/documents'
import { Glyph } from '../../ui/Glyph'
import { compact, exact, plural, scaleFor, unitOf } from '../../ui/numbers'
import { LentVotes } from '../delegations/LentVotes'
import { isOld, type Pending } from './pending'

/** What waits for one, in the order of the server: oldest and most expensive first. */
export function DecisionList({
  pending,
  chosen,
  delegations,
}: {
  pending: readonly Pending[]
  chosen: string | undefined
  delegations: LendingFragment['viewer']['delegations']
}) {
  const scale = scaleFor(pending.map((one) => one.atStake?.amount))
  const currency = pending.find((one) => one.atStake)?.atStake?.currency
  return (
    <div className="dl">
      <header>
        <h1>My decisions</h1>
        <span className="grow" />
        <span className="unit">
          {pending.length}
          {currency && `, ${unitOf(scale, currency)}`}
        </span>
      </header>
      <ul aria-label="Waiting for my vote">
        {pending.map((one) => (
          <li key={one.id} data-testid="decision">
            <Link
              to="/decisions"
              search={(before) => ({ ...before, sel: one.id })}
              aria-current={one.id === chosen ? 'true' : undefined}
              activeProps={{}}
            >
              <span className="row">
                <b>{one.measure.name}</b>
                <span className="num" title={exact(one.atStake)}>
                  {compact(one.atStake?.amount, scale, scale.prefix === 'M' ? 2 : 0)}
                </span>
              </span>
              <span className="row">
                <small>{one.asked}</small>
                <small className={isOld(one) ? 'num risk' : 'num'}>
                  {one.ageDays === 0 ? 'today' : plural(one.ageDays, 'd', 'd')}
                  {isOld(one) && (
                    <>
                      {' '}
                      <Glyph name="risk" word="waits long" />
                    </>
                  )}
                </small>
              </span>
              {one.lentBy && <small className="k">lent by {one.lentBy}</small>}
            </Link>
          </li>
        ))}
      </ul>
      <LentVotes delegations={delegations} />
    </div>
  )
}
