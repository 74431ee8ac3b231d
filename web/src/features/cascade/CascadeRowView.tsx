import { useFragment } from '@apollo/client/react'
import { Link } from '@tanstack/react-router'
import { type CSSProperties, type MouseEvent, memo } from 'react'
import { NodeLink } from '../../app/NodeLink'
import { useOrganization } from '../../app/session'
import {
  type CascadeRowFragment,
  CascadeRowFragmentDoc,
  type Level,
  MilestoneRowFragmentDoc,
} from '../../gql/documents'
import { Glyph } from '../../ui/Glyph'
import { Icon, type IconName } from '../../ui/Icon'
import { amountOf, compact, type Scale, signed } from '../../ui/numbers'
import { Amount, Avatar, MilestoneStatus, Pulse, StageGlyph } from '../../ui/parts'
import { standingTone, word } from '../../ui/words'
import type { Row } from './tree'
import type { Ref } from './useTree'

const ICONS: Record<Level, IconName> = {
  OBJECTIVE: 'objective',
  PORTFOLIO: 'portfolio',
  PROGRAM: 'program',
  INITIATIVE: 'initiative',
  SALES_PLAN: 'sales',
}
const CLASSES: Record<Level, string> = {
  OBJECTIVE: 'o',
  PORTFOLIO: 'pf',
  PROGRAM: 'pg',
  INITIATIVE: 'i',
  SALES_PLAN: 'sp',
}

/** Implemented, decided and undecided parts of a branch, for the levels that have no stage of their own. */
function Mix({ funnel }: { funnel: CascadeRowFragment['rollUp']['funnel'] }) {
  const of = (...stages: string[]) =>
    funnel.filter((row) => stages.includes(row.stage)).reduce((sum, row) => sum + Math.max(0, amountOf(row.outlook)), 0)
  const done = of('IMPLEMENTED', 'CLOSED')
  const decided = of('DECIDED')
  const open = of('DEFINED', 'IDENTIFIED', 'DETAILED')
  const whole = done + decided + open
  if (whole === 0) return <span className="dim">·</span>
  const share = (part: number) => `${Math.round((part / whole) * 100)} %`
  return (
    <span
      className="mix"
      role="img"
      aria-label={`implemented or closed ${share(done)}, decided ${share(decided)}, not yet decided ${share(open)}`}
    >
      {done > 0 && <b className="m5" style={{ flex: done }} />}
      {decided > 0 && <b className="m3" style={{ flex: decided }} />}
      {open > 0 && <b className="m0" style={{ flex: open }} />}
    </span>
  )
}

/** The reference people know a node by; ids that only machines read are left out. */
export const shortCode = (ids: readonly { id: string }[]): string | undefined =>
  ids.map((one) => one.id).find((id) => id.length <= 12)

const Standing = ({ standing }: { standing: CascadeRowFragment['standing'] }) => (
  <span className={`lw ${standingTone[standing]}`}>
    <Glyph name={standingTone[standing]} />
    <small>{word(standing)}</small>
  </span>
)

function Figures({ node, scale, decimals }: { node: CascadeRowFragment; scale: Scale; decimals: number }) {
  if (node.__typename === 'SalesPlan') {
    const quota = amountOf(node.sales.quota)
    const outlook = amountOf(node.sales.won) + amountOf(node.sales.weightedPipeline)
    const gap = signed(outlook - quota, scale, decimals)
    return (
      <>
        <div className="r hp dim" role="gridcell">
          <Amount money={node.sales.quota.value} scale={scale} decimals={decimals} />
        </div>
        <div className="r out dim" role="gridcell" title="Won and weighted pipeline">
          <Pulse of={String(outlook)}>{compact(outlook, scale, decimals)}</Pulse>
        </div>
        <div className="r hp dim" role="gridcell">
          <Amount money={node.sales.won.value} scale={scale} decimals={decimals} />
        </div>
        <div className="r gap" role="gridcell">
          <span className={gap.startsWith('+') ? 'better' : outlook < quota ? 'worse' : 'dim'}>{gap}</span>
        </div>
      </>
    )
  }
  const { plan, outlook, actual, gap } = node.rollUp.headline
  return (
    <>
      <div className="r hp" role="gridcell">
        <Amount money={plan.value} scale={scale} decimals={decimals} />
      </div>
      <div className="r out" role="gridcell">
        <Amount money={outlook.value} scale={scale} decimals={decimals} />
      </div>
      <div className="r hp" role="gridcell">
        <Amount money={actual.value} scale={scale} decimals={decimals} />
      </div>
      <div className="r gap" role="gridcell">
        <Amount money={gap.value} scale={scale} decimals={decimals} variance />
      </div>
    </>
  )
}

type Props = {
  row: Row
  index: number
  item: Ref
  months: { from: string; to: string }
  scale: Scale
  decimals: number
  selected: boolean
  focused: boolean
  faint: boolean
  style: CSSProperties
  onToggle: (id: string) => void
  onSelect: (id: string) => void
}

const Twisty = ({ row, name, onToggle }: { row: Row; name: string; onToggle: (id: string) => void }) =>
  row.expandable ? (
    <button
      className="tw"
      type="button"
      tabIndex={-1}
      aria-label={`${row.expanded ? 'Collapse' : 'Expand'} ${name}`}
      onClick={(event) => {
        event.stopPropagation()
        onToggle(row.id)
      }}
    >
      <Icon name={row.expanded ? 'down' : 'right'} />
    </button>
  ) : (
    <span className="tw" />
  )

const rowProps = ({ row, index, selected, focused, style, onSelect }: Props, kind: string) => ({
  className: `tr ${kind}`,
  role: 'row' as const,
  'aria-level': row.level,
  'aria-posinset': row.position,
  'aria-setsize': row.size,
  'aria-rowindex': index + 2,
  'aria-expanded': row.expandable ? row.expanded : undefined,
  'aria-selected': selected,
  tabIndex: focused ? 0 : -1,
  'data-row': row.id,
  style: { ...style, '--lv': row.level - 1 } as CSSProperties,
  onClick: (event: MouseEvent) => {
    // A press on the name opens its page; it does not select as well.
    if (!(event.target as Element).closest('a')) onSelect(row.id)
  },
})

function NodeRow(props: Props) {
  const { row, item, months, scale, decimals, faint, onToggle } = props
  const { data } = useFragment({
    fragment: CascadeRowFragmentDoc,
    fragmentName: 'CascadeRow',
    from: item,
    variables: months,
  })
  const node = data as CascadeRowFragment
  if (!node?.rollUp) return <div {...rowProps(props, 'i')} />
  const code = shortCode(node.externalIds)
  return (
    <div
      {...rowProps(
        props,
        `${CLASSES[node.level]} ${faint ? 'faint' : ''} ${node.standing === 'CANCELLED' ? 'gone' : ''}`,
      )}
    >
      <div className="nm" role="gridcell">
        <Twisty row={row} name={node.name} onToggle={onToggle} />
        <Icon name={ICONS[node.level]} />
        <NodeLink node={node} className="t" tabIndex={-1}>
          {node.name}
        </NodeLink>
        {code && <span className="id">{code}</span>}
      </div>
      <div className="sg1" role="gridcell">
        {'stage' in node ? <StageGlyph stage={node.stage} /> : <Mix funnel={node.rollUp.funnel} />}
      </div>
      <div className="st1" role="gridcell">
        <Standing standing={node.standing} />
      </div>
      <Figures node={node} scale={scale} decimals={decimals} />
      <div className="ow hp" role="gridcell">
        {node.owner ? (
          <>
            <Avatar name={node.owner.name} small />
            <span>{node.owner.name}</span>
          </>
        ) : (
          <span className="dim">nobody yet</span>
        )}
      </div>
    </div>
  )
}

function MilestoneTreeRow(props: Props) {
  const { row, item, onToggle } = props
  const { today } = useOrganization()
  const { data } = useFragment({ fragment: MilestoneRowFragmentDoc, fragmentName: 'MilestoneRow', from: item })
  if (!data.name || !data.state || !data.due) return <div {...rowProps(props, 'ml')} />
  return (
    <div {...rowProps(props, 'ml')}>
      <div className="nm" role="gridcell">
        <Twisty row={row} name={data.name} onToggle={onToggle} />
        <Icon name="milestone" />
        <Link to="/milestones" search={{ of: row.parent ?? undefined }} className="t" tabIndex={-1}>
          {data.name}
        </Link>
        {data.critical && <span className="tag">critical</span>}
      </div>
      <div className="sg1" role="gridcell">
        <small>
          <MilestoneStatus state={data.state} due={data.due} today={today} />
        </small>
      </div>
      <div className="st1" role="gridcell" />
      <div className="r hp" role="gridcell" />
      <div className="r out" role="gridcell" />
      <div className="r hp" role="gridcell" />
      <div className="r gap" role="gridcell" />
      <div className="ow hp" role="gridcell">
        {data.assignee?.name && (
          <>
            <Avatar name={data.assignee.name} small />
            <span>{data.assignee.name}</span>
          </>
        )}
      </div>
    </div>
  )
}

/** One row. It reads its own node from the cache, so that a change of one node renders one row. */
export const CascadeRowView = memo(function CascadeRowView(props: Props) {
  return props.item.__typename === 'Milestone' ? <MilestoneTreeRow {...props} /> : <NodeRow {...props} />
})
