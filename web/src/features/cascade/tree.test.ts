import { describe, expect, it } from 'vitest'
import { flatten, onTreeKey, pruned, type Row } from './tree'

const CHILDREN: Record<string, string[]> = { o1: ['p1', 'p2'], p1: ['g1'], g1: [], o2: ['p3'] }
const rowsWith = (open: string[]): Row[] =>
  flatten({
    roots: ['o1', 'o2'],
    children: (id) => CHILDREN[id],
    isOpen: (id) => open.includes(id),
    isLeaf: (id) => id === 'p2',
  })
const ids = (rows: Row[]) => rows.map((row) => row.id)

describe('the rows of the tree', () => {
  it('are the roots alone while nothing is open', () => {
    expect(ids(rowsWith([]))).toEqual(['o1', 'o2'])
  })

  it('stand under their parents, with level, place and number of siblings', () => {
    const rows = rowsWith(['o1', 'p1'])
    expect(ids(rows)).toEqual(['o1', 'p1', 'g1', 'p2', 'o2'])
    expect(rows[2]).toMatchObject({ parent: 'p1', level: 3, position: 1, size: 1 })
    expect(rows[3]).toMatchObject({ parent: 'o1', level: 2, position: 2, size: 2, expandable: false })
  })

  it('lose their twisty once it is known that nothing is below', () => {
    const rows = rowsWith(['o1', 'p1', 'g1'])
    expect(rows.find((row) => row.id === 'g1')).toMatchObject({ expandable: false, expanded: false })
  })

  it('show an open node whose children are on their way as open, and none below it', () => {
    const rows = rowsWith(['o2', 'p3'])
    expect(ids(rows)).toEqual(['o1', 'o2', 'p3'])
    expect(rows[2]).toMatchObject({ expandable: true, expanded: true })
  })
})

describe('a key in the tree', () => {
  const rows = rowsWith(['o1', 'p1'])

  it('moves to a neighbour and stops at the ends', () => {
    expect(onTreeKey(rows, 0, 'ArrowDown')).toEqual({ focus: 1 })
    expect(onTreeKey(rows, 0, 'ArrowUp')).toEqual({ focus: 0 })
    expect(onTreeKey(rows, 4, 'ArrowDown')).toEqual({ focus: 4 })
    expect(onTreeKey(rows, 2, 'Home')).toEqual({ focus: 0 })
    expect(onTreeKey(rows, 2, 'End')).toEqual({ focus: 4 })
    expect(onTreeKey(rows, 1, 'PageDown')).toEqual({ focus: 4 })
  })

  it('to the right opens first and goes in afterwards', () => {
    expect(onTreeKey(rows, 4, 'ArrowRight')).toEqual({ expand: 'o2' })
    expect(onTreeKey(rows, 0, 'ArrowRight')).toEqual({ focus: 1 })
    expect(onTreeKey(rows, 3, 'ArrowRight')).toBeNull()
  })

  it('to the left closes first and goes out afterwards', () => {
    expect(onTreeKey(rows, 1, 'ArrowLeft')).toEqual({ collapse: 'p1' })
    expect(onTreeKey(rows, 3, 'ArrowLeft')).toEqual({ focus: 0 })
    expect(onTreeKey(rows, 4, 'ArrowLeft')).toBeNull()
  })

  it('opens the page, selects, or is left to the browser', () => {
    expect(onTreeKey(rows, 2, 'Enter')).toEqual({ open: 'g1' })
    expect(onTreeKey(rows, 2, ' ')).toEqual({ select: 'g1' })
    expect(onTreeKey(rows, 2, 'Tab')).toBeNull()
    expect(onTreeKey([], 0, 'ArrowDown')).toBeNull()
  })
})

describe('what a search found', () => {
  it('stands under the nodes above it, each of them once', () => {
    const o = { id: 'o' }
    const found = pruned([
      { id: 'i1', ancestors: [o, { id: 'g' }] },
      { id: 'i2', ancestors: [o, { id: 'g' }] },
      { id: 'g', ancestors: [o] },
    ])
    expect(found.roots).toEqual(['o'])
    expect(found.children.get('o')).toEqual(['g'])
    expect(found.children.get('g')).toEqual(['i1', 'i2'])
    expect(found.children.get('i1')).toEqual([])
  })
})
