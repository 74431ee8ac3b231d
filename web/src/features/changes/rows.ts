/** The differences of two plans as a table shows them: grouped by what they belong to. */
import type { DifferenceRowFragment } from '../../gql/documents'
import { day, monthYear } from '../../ui/dates'
import { digits, MINUS, type Money, NBSP, plain, plural, symbol } from '../../ui/numbers'
import type { ChangeGroup, ChangeRow } from './ChangeTable'

const exactly = (money: Money | null): string => (money ? digits(money.amount.replace(/\.0+$/, '')) : '')

const withSign = (amount: string): string => {
  const text = digits(amount.replace(/\.0+$/, ''))
  return text.startsWith(MINUS) || !/[1-9]/.test(text) ? text : `+${text}`
}

function groupOf(row: DifferenceRowFragment): string {
  if (row.part === 'PLAN') return row.name
  if (row.part === 'QUOTA') return row.segment ? `Quota of ${row.segment}` : 'Quota'
  return { ESTIMATE: 'Estimated value', MILESTONE: 'Milestones', INCENTIVE: 'Incentives' }[row.part]
}

const moved = (days: number): string =>
  days > 0 ? `${plural(days, 'day')} later` : days < 0 ? `${plural(-days, 'day')} earlier` : ''

const share = (weight: string | null): string => (weight === null ? '' : `${plain(Number(weight), 1)}${NBSP}%`)

function rowOf(row: DifferenceRowFragment, today: string): Omit<ChangeRow, 'key' | 'title'> {
  if (row.part === 'MILESTONE') {
    const [before, after] = [row.dueBefore, row.dueAfter].map((due) => (due ? day(due, today) : ''))
    const difference = row.days !== null ? moved(row.days) : row.dueAfter ? 'new' : 'taken out'
    return { what: row.name, before: before ?? '', after: after ?? '', difference }
  }
  if (row.part === 'INCENTIVE') {
    const [before, after] = [share(row.weightBefore), share(row.weightAfter)]
    const difference = before === '' ? 'new' : after === '' ? 'taken out' : ''
    return { what: `${row.segment ?? ''} of ${row.name}`, before, after, difference }
  }
  return {
    what: row.month ? monthYear(row.month) : 'Estimate',
    before: exactly(row.before),
    after: exactly(row.after),
    difference: row.amount ? withSign(row.amount.amount) : '',
  }
}

/** Minor units would be exact, but a currency's are not known here: two decimals suffice to show a sum. */
function totalOf(rows: readonly DifferenceRowFragment[]): string | null {
  if (rows.length < 2 || rows.some((row) => row.amount === null)) return null
  return withSign(rows.reduce((sum, row) => sum + Number(row.amount?.amount ?? 0), 0).toFixed(2))
}

export function changeGroups(changes: readonly DifferenceRowFragment[], today: string): ChangeGroup[] {
  const found = new Map<string, DifferenceRowFragment[]>()
  for (const change of changes) found.set(groupOf(change), [...(found.get(groupOf(change)) ?? []), change])
  return [...found].map(([name, rows]) => ({
    name,
    unit: symbol(rows[0]?.amount?.currency ?? rows[0]?.after?.currency ?? rows[0]?.before?.currency ?? ''),
    total: totalOf(rows),
    rows: rows.map((row, index) => ({ key: `${index} ${row.sentence}`, title: row.sentence, ...rowOf(row, today) })),
  }))
}
