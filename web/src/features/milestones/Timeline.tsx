import { useState } from 'react'
import { useOrganization } from '../../app/session'
import type { MilestoneFullFragment } from '../../gql/documents'
import { day } from '../../ui/dates'
import { Icon } from '../../ui/Icon'
import { digits } from '../../ui/numbers'
import { MilestoneStatus } from '../../ui/parts'
import { ActMenu, permission } from '../../ui/Why'
import { word } from '../../ui/words'
import { type DialogKind, MilestoneDialog } from './MilestoneDialogs'
import { type Axis, axisOf, place } from './timeline'

const ACTS: { act: string; kind: Exclude<DialogKind, 'add'>; verb: string }[] = [
  { act: 'achieveMilestone', kind: 'achieve', verb: 'Achieve' },
  { act: 'verifyMilestone', kind: 'verify', verb: 'Verify' },
  { act: 'recordReading', kind: 'reading', verb: 'Record a reading' },
  { act: 'editMilestone', kind: 'edit', verb: 'Edit' },
  { act: 'cancelMilestone', kind: 'cancel', verb: 'Cancel it' },
]

/** "31 of 40 plants": where a milestone stands against its target. */
function reading(milestone: MilestoneFullFragment): string | null {
  const unit = milestone.unit ? ` ${milestone.unit}` : ''
  if (milestone.actual && milestone.target) return `${digits(milestone.actual)} of ${digits(milestone.target)}${unit}`
  if (milestone.target) return `target ${digits(milestone.target)}${unit}`
  return milestone.actual && `now ${digits(milestone.actual)}${unit}`
}

const kindOf = (milestone: MilestoneFullFragment): string =>
  word(milestone.measureType) + (milestone.critical ? ', critical' : '')

function Marks({ milestone, axis }: { milestone: MilestoneFullFragment; axis: Axis }) {
  const { today } = useOrganization()
  const current = milestone.achievedOn ?? milestone.due
  const moved = milestone.originalDue !== null && milestone.originalDue !== current
  const at = place(axis, current)
  const was = moved && milestone.originalDue ? place(axis, milestone.originalDue) : at
  const left = at > 66
  const edge = left ? Math.min(at, was) : Math.max(at, was)
  return (
    <>
      {moved && <span className="mv" style={{ left: `${Math.min(at, was)}%`, width: `${Math.abs(at - was)}%` }} />}
      {moved && <span className="dm" style={{ left: `${was}%` }} />}
      <span className="dm c" style={{ left: `${at}%` }} />
      <span className={left ? 'dt lft' : 'dt'} style={{ left: `${edge}%` }}>
        {day(current, today)}
        {moved && milestone.originalDue && ` (was ${day(milestone.originalDue, today)})`}
      </span>
    </>
  )
}

/** What one may do now, in words under the milestone. */
function OpenActs({ milestone, onOpen }: { milestone: MilestoneFullFragment; onOpen: (kind: DialogKind) => void }) {
  const open = ACTS.slice(0, 3).filter((one) => permission(milestone.acts, one.act)?.allowed)
  if (open.length === 0) return null
  return (
    <span className="msa">
      {open.map((one) => (
        <button
          key={one.act}
          type="button"
          className="lk"
          aria-label={`${one.verb}: ${milestone.name}`}
          onClick={() => onOpen(one.kind)}
        >
          {one.verb}
        </button>
      ))}
    </span>
  )
}

function Line({
  milestone,
  axis,
  onOpen,
}: {
  milestone: MilestoneFullFragment
  axis: Axis
  onOpen: (kind: DialogKind) => void
}) {
  const { today } = useOrganization()
  const read = reading(milestone)
  return (
    <li className="msr" data-testid="milestone">
      <div className="lab">
        <p className="msn">
          <b>{milestone.name}</b>
          <ActMenu
            left
            className="dots"
            name={`More for ${milestone.name}`}
            label={<Icon name="more" />}
            acts={milestone.acts}
            items={ACTS.map((one) => ({ act: one.act, label: one.verb, onChoose: () => onOpen(one.kind) }))}
          />
        </p>
        <small>
          <MilestoneStatus
            state={milestone.state}
            due={milestone.due}
            achievedOn={milestone.achievedOn}
            today={today}
          />
          {milestone.verifiedBy && (
            <span className="k" title={`by ${milestone.verifiedBy.name}`}>
              verified
            </span>
          )}
          {read && <span className="k num">{read}</span>}
          <span className="tag">{kindOf(milestone)}</span>
        </small>
        <OpenActs milestone={milestone} onOpen={onOpen} />
      </div>
      <div className="tl" aria-hidden="true">
        {axis.quarters.map((quarter) => (
          <span key={quarter.at} className="q" style={{ left: `${quarter.at}%` }} />
        ))}
        <span className="today" style={{ left: `${axis.today}%` }} />
        <Marks milestone={milestone} axis={axis} />
      </div>
    </li>
  )
}

/** Milestones on a timeline with today: outlined diamonds are original dates, solid ones the current. */
export function Timeline({ milestones, axis: given }: { milestones: readonly MilestoneFullFragment[]; axis?: Axis }) {
  const { today } = useOrganization()
  const [open, setOpen] = useState<{ kind: DialogKind; id: string } | null>(null)
  const axis = given ?? axisOf(datesOf(milestones), today)
  const subject = milestones.find((one) => one.id === open?.id)
  return (
    <div className="ms">
      <div className="msr ax" aria-hidden="true">
        <div className="lab" />
        <div className="tl">
          {axis.quarters.map(
            (quarter) =>
              quarter.label &&
              Math.abs(quarter.middle - axis.today) > 7 && (
                <span key={quarter.at} className="mo" style={{ left: `${quarter.middle}%` }}>
                  {quarter.label}
                </span>
              ),
          )}
          <span className="tdl" style={{ left: `${Math.min(95, Math.max(5, axis.today))}%` }}>
            {day(today, today)}
          </span>
        </div>
      </div>
      <ul>
        {milestones.map((milestone) => (
          <Line
            key={milestone.id}
            milestone={milestone}
            axis={axis}
            onOpen={(kind) => setOpen({ kind, id: milestone.id })}
          />
        ))}
      </ul>
      {open && subject && <MilestoneDialog kind={open.kind} milestone={subject} onClose={() => setOpen(null)} />}
    </div>
  )
}

export const datesOf = (milestones: readonly MilestoneFullFragment[]): string[] =>
  milestones.flatMap((one) =>
    [one.due, one.originalDue, one.achievedOn].filter((date): date is string => Boolean(date)),
  )
