import { useState } from 'react'
import type { MilestoneFullFragment } from '../../gql/documents'
import { Icon } from '../../ui/Icon'
import { Empty } from '../../ui/parts'
import { ActButton, type Permission } from '../../ui/Why'
import { AddMilestoneDialog } from './MilestoneDialogs'
import { Timeline } from './Timeline'
import './milestones.css'

export const DateLegend = () => (
  <span className="leg no-ph">
    <span>
      <i className="kd" />
      Original
    </span>
    <span>
      <i className="kd c" />
      Current
    </span>
  </span>
)

/** The milestones of one measure. */
export function MilestonesCard({
  under,
  acts,
  milestones,
}: {
  under: string
  acts: readonly Permission[]
  milestones: readonly MilestoneFullFragment[]
}) {
  const [adding, setAdding] = useState(false)
  const add = (
    <ActButton acts={acts} act="addMilestone" className="btn small" onClick={() => setAdding(true)}>
      <Icon name="plus" />
      Milestone
    </ActButton>
  )
  return (
    <section className="card o5" aria-label="Milestones">
      <header>
        <h2>Milestones</h2>
        <span className="grow" />
        {milestones.length > 0 && <DateLegend />}
        {milestones.length > 0 && add}
      </header>
      {milestones.length === 0 ? (
        <Empty action={add}>
          There is no milestone yet. The gate into Detailed asks for at least one that measures an outcome.
        </Empty>
      ) : (
        <Timeline milestones={milestones} />
      )}
      {adding && <AddMilestoneDialog under={under} onClose={() => setAdding(false)} />}
    </section>
  )
}
