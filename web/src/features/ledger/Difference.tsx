import { useQuery } from '@apollo/client/react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { usePeriod } from '../../app/period'
import { useOrganization } from '../../app/session'
import { DifferenceDocument, MomentsDocument, type RollUpFigure } from '../../gql/documents'
import { day, endOfDay } from '../../ui/dates'
import { DateField, required, SelectField } from '../../ui/fields'
import { exact, readable } from '../../ui/numbers'
import { CardBones, Empty, Failed } from '../../ui/parts'
import { word } from '../../ui/words'
import { summed } from './sums'

const FIGURES: RollUpFigure[] = [
  'OUTLOOK',
  'PLAN',
  'ACTUAL',
  'CONFIRMED',
  'GAP',
  'WEIGHTED',
  'SPEND',
  'SPEND_BEFORE_DECISION',
]

/** Why a figure of a roll-up differs between two days: the entries that moved it, which add up to the difference. */
export function Difference({ under }: { under: string | undefined }) {
  const { since, until, figure } = useSearch({ from: '/ledger' })
  const { today, fiscalYearStart } = useOrganization()
  const navigate = useNavigate()
  const chosen = FIGURES.find((one) => one === figure) ?? 'OUTLOOK'
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const [from = '', to = ''] = [required(fields, 'since'), required(fields, 'until')].sort()
    void navigate({
      to: '.',
      search: (before) => ({ ...before, since: from, until: to, figure: required(fields, 'figure') }),
      resetScroll: false,
    })
  }
  const year = `${Number(today.slice(0, 4)) - (Number(today.slice(5, 7)) < fiscalYearStart ? 1 : 0)}`
  return (
    <section className="card difference" aria-label="What moved a figure">
      <header>
        <h2>What moved a figure</h2>
        <span className="grow" />
        <span className="unit">entry by entry, between two days</span>
      </header>
      <form className="pad between" onSubmit={send}>
        <SelectField
          label="Figure"
          name="figure"
          defaultValue={chosen}
          choices={FIGURES.map((one) => ({ value: one, label: word(one) }))}
        />
        <DateField
          label="From the end of"
          name="since"
          required
          max={today}
          defaultValue={since ?? `${year}-${String(fiscalYearStart).padStart(2, '0')}-01`}
        />
        <DateField label="To the end of" name="until" required max={today} defaultValue={until ?? today} />
        <button type="submit" className="btn">
          Explain
        </button>
      </form>
      {since && until && <Parts key={`${since} ${until}`} {...{ under, since, until }} figure={chosen} />}
    </section>
  )
}

type Asked = { under: string | undefined; since: string; until: string; figure: RollUpFigure }

function Parts({ under, since, until, figure }: Asked) {
  const organization = useOrganization()
  const period = usePeriod()
  const { today, timeZone } = organization
  // The same organization at two moments: one cache cannot hold both.
  const moments = useQuery(MomentsDocument, {
    variables: {
      since: endOfDay(since, timeZone),
      until: until < today ? endOfDay(until, timeZone) : null,
    },
    fetchPolicy: 'no-cache',
  })
  const [from, to] = [moments.data?.since?.revision, moments.data?.until?.revision]
  const { data, error, refetch } = useQuery(DifferenceDocument, {
    variables: {
      from: from ?? '0',
      to: to ?? '0',
      under: under ?? organization.id,
      figure,
      firstMonth: period.from,
      lastMonth: period.to,
    },
    skip: !from || !to,
    fetchPolicy: 'no-cache',
  })
  const problem = moments.error ?? error
  if (problem) {
    const retry = () => void (moments.error ? moments.refetch() : refetch())
    return <Failed what="The difference" problem={problem} retry={retry} />
  }
  if (!data) return <CardBones lines={4} />
  const parts = data.changesBetween
  const total = summed(parts.map((part) => part.value))
  const span = `between the end of ${day(since)} and ${until < today ? `the end of ${day(until)}` : 'now'}`
  if (parts.length === 0)
    return (
      <Empty>
        {word(figure)} of {period.label} did not move {span}.
      </Empty>
    )
  return (
    <table className="tb">
      <caption className="sr">
        What moved {word(figure).toLowerCase()} of {period.label} {span}
      </caption>
      <thead>
        <tr>
          <th className="l" scope="col">
            Entry
          </th>
          <th scope="col">{word(figure)}</th>
        </tr>
      </thead>
      <tbody>
        {parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two entries may say the same
          <tr key={index}>
            <th scope="row">{part.name}</th>
            <td className="num">{readable(part.value)}</td>
          </tr>
        ))}
        <tr className="tot">
          <th scope="row">Difference {span}</th>
          <td className="num">{total ? exact(total) : ''}</td>
        </tr>
      </tbody>
    </table>
  )
}
