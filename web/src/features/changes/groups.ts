/** The places of a decided plan that a change request may touch, in the groups that a person edits one after another. */
import type { PlanNowQuery } from '../../gql/documents'
import { addMonths, monthsBetween, monthYear } from '../../ui/dates'
import { segmentKey, segmentName, segmentsOf } from '../sales/QuotaCard'
import { type QuotaCell, wholeMonths } from '../sales/quota'
import { changed, type Edits, newAmount, type Slot } from './difference'

export type PlanNow = Extract<NonNullable<PlanNowQuery['node']>, { __typename: 'Initiative' | 'SalesPlan' }>
export type Group = { key: string; name: string; currency: string | null; slots: Slot[] }

/** How many months behind the last planned one can be planned too. */
const SPARE = 12

/** Trailing zeros of a decimal say nothing to a person: "100.00" is "100". */
const short = (amount: string): string => amount.replace(/\.0+$/, '')

function monthSlots(group: string, planned: ReadonlyMap<string, string>, thisMonth: string): Slot[] {
  const last = [...planned.keys()].sort().at(-1) ?? thisMonth
  const until = addMonths(last > thisMonth ? last : thisMonth, SPARE)
  return monthsBetween(thisMonth, until).map((month) => ({
    key: `${group}#${month}`,
    label: monthYear(month),
    now: short(planned.get(month) ?? ''),
  }))
}

const OPEN = ['PLANNED', 'DUE', 'LATE']

/** Months that have passed keep their plan, and milestones that are settled their date: neither is offered. */
export function groupsOf(node: PlanNow, thisMonth: string): Group[] {
  const milestones = node.milestones.edges
    .map((edge) => edge.node)
    .filter((milestone) => OPEN.includes(milestone.state))
    .map((milestone) => ({ key: milestone.id, label: milestone.name, now: milestone.due }))
  const dates: Group[] =
    milestones.length > 0 ? [{ key: 'milestones', name: 'Milestones', currency: null, slots: milestones }] : []
  if (node.__typename === 'SalesPlan') {
    const segments = segmentsOf(node.quota).map((segment) => {
      const key = segmentKey(segment)
      const planned = new Map(
        node.quota.flatMap((line) =>
          line.amount && segmentKey(line) === key ? [[line.month, line.amount.amount]] : [],
        ),
      )
      const currency = node.quota[0]?.amount?.currency ?? ''
      return { key, name: segmentName(segment), currency, slots: monthSlots(key, planned, thisMonth) }
    })
    return [...segments, ...dates]
  }
  const lines = node.valueLines.map((line) => {
    const planned = new Map(line.months.flatMap((one) => (one.plan ? [[one.month, one.plan.amount]] : [])))
    return { key: line.id, name: line.name, currency: line.currency, slots: monthSlots(line.id, planned, thisMonth) }
  })
  return [...lines, ...dates]
}

const monthOf = (slot: Slot): string => slot.key.slice(slot.key.lastIndexOf('#') + 1)

type Wanted = {
  plan?: { line: string; months: { month: string; amount: string | null }[] }[]
  quota?: QuotaCell[]
  dueDates?: { milestone: string; due: string }[]
}

/** What is to be changed, as `proposeChange` takes it; parts that stay are left out. */
export function wantedOf(node: PlanNow, groups: readonly Group[], edits: Edits): Wanted {
  const wanted: Wanted = {}
  const cells: QuotaCell[] = []
  for (const group of groups) {
    const slots = changed(group.slots, edits)
    if (slots.length === 0) continue
    if (group.currency === null) {
      wanted.dueDates = slots.map((slot) => ({ milestone: slot.key, due: newAmount(slot, edits) }))
    } else if (node.__typename === 'SalesPlan') {
      const segment = segmentsOf(node.quota).find((one) => segmentKey(one) === group.key)
      if (!segment) continue
      const { dimension, segment: name } = segment
      for (const slot of slots)
        cells.push({ month: monthOf(slot), dimension, segment: name, amount: newAmount(slot, edits) })
    } else {
      const months = slots.map((slot) => ({ month: monthOf(slot), amount: newAmount(slot, edits) || null }))
      wanted.plan = [...(wanted.plan ?? []), { line: group.key, months }]
    }
  }
  if (node.__typename === 'SalesPlan' && cells.length > 0) wanted.quota = wholeMonths(node.quota, cells)
  return wanted
}
