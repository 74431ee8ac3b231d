import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Scale } from '../../ui/numbers'
import { CascadeRowView } from './CascadeRowView'
import { onTreeKey, type Row } from './tree'
import type { Ref } from './useTree'

type Props = {
  rows: Row[]
  refOf: (id: string) => Ref | undefined
  months: { from: string; to: string }
  scale: Scale
  decimals: number
  selected: string | null
  faint: (id: string) => boolean
  onExpand: (id: string, expanded: boolean) => void
  onSelect: (id: string) => void
  onOpen: (ref: Ref, row: Row) => void
  onVisible: (ids: string[]) => void
  /** Whether rows of an open branch are still on their way. */
  busy: boolean
  total: ReactNode
}

const PHONE = '(max-width: 720px)'

function useRowHeight(): number {
  const [phone, setPhone] = useState(() => matchMedia(PHONE).matches)
  useEffect(() => {
    const query = matchMedia(PHONE)
    const listen = () => setPhone(query.matches)
    query.addEventListener('change', listen)
    return () => query.removeEventListener('change', listen)
  }, [])
  return phone ? 68 : 33
}

/** The focused row: one tab stop for the whole grid, moved by the arrow keys. */
function useFocusedRow(rows: Row[], selected: string | null) {
  const [id, setId] = useState<string | null>(selected)
  const index = Math.max(
    0,
    rows.findIndex((row) => row.id === (id ?? selected)),
  )
  return { index, setId }
}

/** A virtualised treegrid: it renders the rows in sight, and the focused one wherever it is. */
export function TreeGrid(props: Props) {
  const { rows, refOf, months, scale, decimals, selected, faint, onExpand, onSelect, onOpen, onVisible, total } = props
  const body = useRef<HTMLDivElement>(null)
  const height = useRowHeight()
  const [margin, setMargin] = useState(0)
  const focus = useFocusedRow(rows, selected)
  /** The row that a key has moved to, until it is on the screen and has the focus. */
  const wanted = useRef<string | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands above the rows may have changed with them
  useLayoutEffect(() => setMargin((body.current?.getBoundingClientRect().top ?? 0) + scrollY), [rows.length, height])

  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin: margin,
    scrollPaddingStart: 96,
    scrollPaddingEnd: 64,
    getItemKey: (index) => rows[index]?.id ?? index,
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const range: number[] = []
      for (let at = Math.max(0, startIndex - overscan); at <= Math.min(count - 1, endIndex + overscan); at++)
        range.push(at)
      if (count > 0 && !range.includes(focus.index)) range.push(focus.index)
      return range.sort((one, other) => one - other)
    },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height needs another measure
  useEffect(() => virtual.measure(), [height])

  const items = virtual.getVirtualItems()
  const visible = items.map((item) => rows[item.index]?.id ?? '').join(' ')
  useEffect(() => onVisible(visible.split(' ').filter(Boolean)), [visible, onVisible])

  useEffect(() => {
    if (!wanted.current) return
    const element = body.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(wanted.current)}"]`)
    if (element) {
      wanted.current = null
      element.focus({ preventScroll: true })
    }
  })

  const toggle = useCallback(
    (id: string) => onExpand(id, !rows.find((row) => row.id === id)?.expanded),
    [onExpand, rows],
  )
  const press = useCallback(
    (id: string) => {
      focus.setId(id)
      onSelect(id)
    },
    [focus.setId, onSelect],
  )

  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const answer = onTreeKey(rows, focus.index, event.key)
    if (!answer) return
    event.preventDefault()
    if ('focus' in answer) {
      const next = rows[answer.focus]
      if (!next) return
      wanted.current = next.id
      focus.setId(next.id)
      virtual.scrollToIndex(answer.focus)
    } else if ('expand' in answer) onExpand(answer.expand, true)
    else if ('collapse' in answer) onExpand(answer.collapse, false)
    else if ('select' in answer) onSelect(answer.select)
    else {
      const row = rows[focus.index]
      const ref = refOf(answer.open)
      if (row && ref) onOpen(ref, row)
    }
  }

  return (
    <div role="treegrid" aria-label="Cascade" aria-busy={props.busy} aria-rowcount={rows.length + 2} aria-colcount={8}>
      <div role="rowgroup">
        <div className="tr hd" role="row" aria-rowindex={1}>
          <div role="columnheader" className="nmh">
            Name
          </div>
          <div role="columnheader">Stage</div>
          <div role="columnheader">Standing</div>
          <div className="r" role="columnheader">
            Plan
          </div>
          <div className="r" role="columnheader">
            Outlook
          </div>
          <div className="r" role="columnheader">
            Actual
          </div>
          <div className="r" role="columnheader">
            Gap
          </div>
          <div role="columnheader" className="owh">
            Owner
          </div>
        </div>
      </div>
      <div
        role="rowgroup"
        ref={body}
        onKeyDown={onKey}
        style={{ height: virtual.getTotalSize(), position: 'relative' }}
      >
        {items.map((item) => {
          const row = rows[item.index]
          const ref = row && refOf(row.id)
          if (!row || !ref) return null
          return (
            <CascadeRowView
              key={row.id}
              row={row}
              index={item.index}
              item={ref}
              months={months}
              scale={scale}
              decimals={decimals}
              selected={row.id === selected}
              focused={item.index === focus.index}
              faint={faint(row.id)}
              style={{ position: 'absolute', insetInline: 0, top: item.start - margin, height }}
              onToggle={toggle}
              onSelect={press}
            />
          )
        })}
      </div>
      {total && <div role="rowgroup">{total}</div>}
    </div>
  )
}
