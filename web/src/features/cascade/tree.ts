/** The treegrid's logic without a screen: which rows there are, and what a key does (WAI-ARIA treegrid pattern). */
export type Row = {
  id: string
  parent: string | null
  /** 1 for the top, as aria-level counts. */
  level: number
  expandable: boolean
  expanded: boolean
  /** Place among its siblings, from 1, and how many there are. */
  position: number
  size: number
}

export type Shape = {
  roots: readonly string[]
  children: (id: string) => readonly string[] | undefined
  isOpen: (id: string) => boolean
  isLeaf: (id: string) => boolean
}

/** The visible rows, from top to bottom. An open node whose children are still on their way shows none yet. */
export function flatten({ roots, children, isOpen, isLeaf }: Shape): Row[] {
  const rows: Row[] = []
  const seen = new Set<string>()
  const walk = (ids: readonly string[], parent: string | null, level: number) => {
    ids.forEach((id, index) => {
      if (seen.has(id)) return
      seen.add(id)
      const below = children(id)
      const expandable = !isLeaf(id) && below?.length !== 0
      const expanded = expandable && isOpen(id)
      rows.push({ id, parent, level, expandable, expanded, position: index + 1, size: ids.length })
      if (expanded && below) walk(below, id, level + 1)
    })
  }
  walk(roots, null, 1)
  return rows
}

export type KeyAnswer =
  | { focus: number }
  | { expand: string }
  | { collapse: string }
  | { open: string }
  | { select: string }

const PAGE = 20

/** What a key means on the row at `index`; null when it means nothing here and is left to the browser. */
export function onTreeKey(rows: readonly Row[], index: number, key: string): KeyAnswer | null {
  const row = rows[index]
  if (!row) return null
  const to = (wanted: number): KeyAnswer => ({ focus: Math.min(rows.length - 1, Math.max(0, wanted)) })
  switch (key) {
    case 'ArrowDown':
      return to(index + 1)
    case 'ArrowUp':
      return to(index - 1)
    case 'Home':
      return to(0)
    case 'End':
      return to(rows.length - 1)
    case 'PageDown':
      return to(index + PAGE)
    case 'PageUp':
      return to(index - PAGE)
    case 'ArrowRight':
      if (row.expandable && !row.expanded) return { expand: row.id }
      return row.expanded && rows[index + 1]?.parent === row.id ? to(index + 1) : null
    case 'ArrowLeft':
      if (row.expanded) return { collapse: row.id }
      return row.parent === null ? null : to(rows.findIndex((one) => one.id === row.parent))
    case 'Enter':
      return { open: row.id }
    case ' ':
      return { select: row.id }
    default:
      return null
  }
}

type Found = { id: string; ancestors: readonly { id: string }[] }

/** The part of the tree that leads to what a search has found: every node found, under the nodes above it. */
export function pruned(found: readonly Found[]): { roots: string[]; children: Map<string, string[]> } {
  const roots: string[] = []
  const children = new Map<string, string[]>()
  const add = (list: string[], id: string) => {
    if (!list.includes(id)) list.push(id)
  }
  for (const match of found) {
    const chain = [...match.ancestors.map((node) => node.id), match.id]
    chain.forEach((id, depth) => {
      const above = chain[depth - 1]
      if (!children.has(id)) children.set(id, [])
      if (above === undefined) add(roots, id)
      else add(children.get(above) as string[], id)
    })
  }
  return { roots, children }
}
