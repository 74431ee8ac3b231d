import './cascade.css'
import { useQuery } from '@apollo/client/react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { addressOf } from '../../app/NodeLink'
import { Page } from '../../app/Page'
import { usePeriod } from '../../app/period'
import type { CascadeSearch } from '../../app/router'
import { useOrganization, useSession } from '../../app/session'
import {
  type CascadeFilter,
  CascadeSelectionDocument,
  CascadeTotalDocument,
  type FactKind,
  type Level,
  type Light,
  type Stage,
  type Standing,
  WatchCascadeTotalDocument,
} from '../../gql/documents'
import { useActivity } from '../../gql/useActivity'
import { useWatch } from '../../gql/useWatch'
import { Glyph } from '../../ui/Glyph'
import { plural, scaleFor, unitOf } from '../../ui/numbers'
import { Bone, Empty, Failed } from '../../ui/parts'
import { kindsTogether } from '../../ui/words'
import { FilterBar } from './FilterBar'
import { NodeActs, OrganizationActs } from './NodeActs'
import { TotalRow } from './TotalRow'
import { TreeGrid } from './TreeGrid'
import { flatten, type Row } from './tree'
import { useFreshRows } from './useFreshRows'
import { type Ref, useFoundTree, useOpenTree } from './useTree'

/** Facts after which rows may have to come, go or stand elsewhere. */
const STRUCTURE: FactKind[] = ['NODE_CREATED', 'NODE_MOVED', 'STANDING_CHANGED', 'RESET']
/** The levels that have no row below them once they are empty of milestones are known only when opened. */
const LEAVES = ['Milestone']

const list = (text: string | undefined): string[] => text?.split(',').filter(Boolean) ?? []

function filterOf(search: CascadeSearch, me: string): CascadeFilter | null {
  const filter: CascadeFilter = {}
  if (search.q) filter.search = search.q
  if (search.standing) filter.standing = list(search.standing) as Standing[]
  if (search.stage) filter.stages = list(search.stage) as Stage[]
  if (search.level) filter.levels = list(search.level) as Level[]
  if (search.mine) filter.owner = me
  if (search.work) filter.implementation = list(search.work) as Light[]
  if (search.value) filter.potential = list(search.value) as Light[]
  return Object.keys(filter).length > 0 ? filter : null
}

function useTotal(months: { from: string; to: string }) {
  const { id } = useOrganization()
  const { data, previousData, error } = useQuery(CascadeTotalDocument, { variables: months })
  useWatch(WatchCascadeTotalDocument, { id, ...months })
  return { organization: (data ?? previousData)?.organization ?? null, error }
}

function SelectionActs({ id, onChanged }: { id: string; onChanged: (created?: string) => void }) {
  const { data, previousData } = useQuery(CascadeSelectionDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  })
  const node = (data ?? previousData)?.node
  if (!node || !('acts' in node) || !('level' in node)) return null
  return <NodeActs node={node} acts={node.acts} onChanged={onChanged} />
}

export function CascadePage() {
  const search = useSearch({ from: '/cascade' })
  const navigate = useNavigate()
  const { person } = useSession()
  const { reportingCurrency } = useOrganization()
  const period = usePeriod()
  const months = useMemo(() => ({ from: period.from, to: period.to }), [period.from, period.to])
  const { organization } = useTotal(months)
  const open = useMemo(() => new Set(list(search.open)), [search.open])
  const filter = filterOf(search, person.id)
  const whole = useOpenTree(months, open, filter === null)
  const found = useFoundTree(months, filter)
  const tree = filter ? found : whole
  const [shut, setShut] = useState<ReadonlySet<string>>(new Set())
  const [updates, setUpdates] = useState(0)
  const fresh = useFreshRows(months)

  const change = useCallback(
    (next: Partial<CascadeSearch>) =>
      void navigate({
        to: '/cascade',
        search: (before) => ({ ...before, ...next }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  )
  const reload = useCallback(() => {
    setUpdates(0)
    tree.reload()
  }, [tree.reload])

  useActivity(null, organization ? organization.revision : undefined, (facts) => {
    fresh.changed()
    const shape = facts.filter((fact) => STRUCTURE.includes(fact.kind))
    if (shape.length === 0) return
    if (shape.every((fact) => fact.by?.id === person.id)) reload()
    else setUpdates((before) => before + shape.length)
  })

  const rows = flatten({
    roots: tree.roots ?? [],
    children: tree.childrenOf,
    isOpen: (id) => (filter ? !shut.has(id) : open.has(id)),
    isLeaf: (id) =>
      LEAVES.includes(tree.ref(id)?.__typename ?? '') || (filter !== null && tree.childrenOf(id)?.length === 0),
  })

  const onExpand = useCallback(
    (id: string, expanded: boolean) => {
      if (filter) {
        setShut((before) => {
          const next = new Set(before)
          expanded ? next.delete(id) : next.add(id)
          return next
        })
        return
      }
      const next = new Set(open)
      expanded ? next.add(id) : next.delete(id)
      change({ open: [...next].join(',') || undefined })
    },
    [filter, open, change],
  )
  const onSelect = useCallback((id: string) => change({ sel: id }), [change])
  const onOpen = (ref: Ref, row: Row) => {
    if (ref.__typename === 'Milestone') void navigate({ to: '/milestones', search: { of: row.parent ?? undefined } })
    else void navigate(addressOf(ref))
  }
  const onChanged = (created?: string) => {
    const parent = search.sel
    if (created) change({ sel: created, open: [...new Set([...open, ...(parent ? [parent] : [])])].join(',') })
    reload()
  }

  // A first visit opens the objectives, so that there is something to see.
  const opened = useRef(search.open !== undefined || filter !== null)
  useEffect(() => {
    if (opened.current || !whole.roots) return
    opened.current = true
    change({ open: whole.roots.slice(0, 5).join(',') || undefined })
  }, [whole.roots, change])

  const headline = organization?.rollUp.headline
  const scale = scaleFor([headline?.plan.value?.amount, headline?.outlook.value?.amount])
  const decimals = scale.prefix === 'M' ? 2 : 0
  const unit = unitOf(scale, reportingCurrency)
  const selected = search.sel && tree.ref(search.sel)?.__typename !== 'Milestone' ? search.sel : null

  const totalRow = !filter && headline && (
    <TotalRow headline={headline} index={rows.length + 2} scale={scale} decimals={decimals} />
  )

  return (
    <Page title="Cascade">
      <div className="ph">
        <div>
          <h1>Cascade</h1>
          <p className="sub">
            {filter ? plural(tree.total, 'match', 'matches') : plural(tree.total, 'objective')}
            {headline && ` · ${kindsTogether(headline.kinds).toLowerCase()}, ${unit}, ${period.label}`}
          </p>
        </div>
        <span className="grow" />
        {updates > 0 && (
          <button className="chipb" type="button" onClick={reload}>
            {plural(updates, 'update')}
          </button>
        )}
        {selected ? (
          <SelectionActs id={selected} onChanged={onChanged} />
        ) : (
          organization && <OrganizationActs acts={organization.acts} onChanged={onChanged} />
        )}
      </div>
      <FilterBar search={search} change={change} />
      <div className="tg">
        <div className="phcap only-ph" aria-hidden="true">
          <span>Outlook</span>
          <span>Gap, {unit}</span>
        </div>
        {tree.problem && !tree.roots ? (
          <Failed what="The cascade" problem={tree.problem} retry={reload} />
        ) : !tree.roots ? (
          <div className="pad" aria-busy="true" style={{ display: 'grid', gap: 17, paddingTop: 16 }}>
            {[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((line) => (
              <Bone key={line} width={`${90 - ((line * 13) % 45)}%`} />
            ))}
          </div>
        ) : rows.length === 0 ? (
          <Empty
            action={
              filter && (
                <button
                  type="button"
                  className="btn"
                  onClick={() =>
                    change({ q: undefined, standing: undefined, stage: undefined, level: undefined, mine: undefined })
                  }
                >
                  Clear the filters
                </button>
              )
            }
          >
            {filter
              ? 'Nothing you may see matches these filters.'
              : 'There is no objective yet. The first one says what the board wants.'}
          </Empty>
        ) : (
          <TreeGrid
            rows={rows}
            refOf={tree.ref}
            months={months}
            scale={scale}
            decimals={decimals}
            selected={search.sel ?? null}
            faint={(id) => filter !== null && !found.matches.has(id)}
            onExpand={onExpand}
            onSelect={onSelect}
            onOpen={onOpen}
            onVisible={fresh.onVisible}
            busy={rows.some((row) => row.expanded && !tree.childrenOf(row.id))}
            total={totalRow}
          />
        )}
        {filter && tree.total > found.matches.size && found.roots && (
          <p className="kb">
            The first {found.matches.size} of {tree.total} matches are shown: search for more of the name to narrow
            them.
          </p>
        )}
        <div className="kb keys no-ph">
          <span>
            <kbd>
              <Glyph name="up" word="Up" />
            </kbd>{' '}
            <kbd>
              <Glyph name="down" word="Down" />
            </kbd>{' '}
            move
          </span>
          <span>
            <kbd>
              <Glyph name="right" word="Right" />
            </kbd>{' '}
            expand
          </span>
          <span>
            <kbd>
              <Glyph name="left" word="Left" />
            </kbd>{' '}
            collapse
          </span>
          <span>
            <kbd>Space</kbd> select
          </span>
          <span>
            <kbd>Enter</kbd> open
          </span>
          <span>
            <kbd>/</kbd> search
          </span>
          <span className="grow" />
          <span>
            Sales plans show quota, outlook, won and their gap; they are compared with the case, never added to it.
          </span>
        </div>
      </div>
    </Page>
  )
}
