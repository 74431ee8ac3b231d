import { useRef, useState } from 'react'
import {
  type PlanPageFragment,
  type SalesDimension,
  SetIncentivesDocument,
  SetQuotaDocument,
} from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { ActDialog } from '../../ui/Dialog'
import { monthYear } from '../../ui/dates'
import { required, SelectField, TextField, text } from '../../ui/fields'
import { Icon } from '../../ui/Icon'
import { plain, typedDecimal } from '../../ui/numbers'
import { say } from '../../ui/toast'
import { word } from '../../ui/words'
import { PersonField } from '../people/PersonField'
import { type QuotaPlan, type Segment, segmentKey, segmentName, segmentsOf } from './QuotaCard'
import { wholeMonths } from './quota'

const DIMENSIONS: SalesDimension[] = ['SELLER', 'TERRITORY', 'PRODUCT', 'PRODUCT_GROUP', 'ACCOUNT_GROUP']
const NEW = 'new'

/** The quota of one segment, month by month; only the months one changed are sent. */
export function QuotaDialog({
  plan,
  months,
  currency,
  onClose,
}: {
  plan: QuotaPlan
  months: string[]
  currency: string
  onClose: () => void
}) {
  const { act, busy, no } = useAct(SetQuotaDocument)
  const opened = useRef(plan.quota).current
  const segments: Segment[] = segmentsOf(opened)
  if (!segments.some((one) => one.dimension === null)) segments.unshift({ dimension: null, segment: null })
  const [key, setKey] = useState(segmentKey(segments[segments.length > 1 ? 1 : 0] as Segment))
  const chosen = segments.find((one) => segmentKey(one) === key)
  const amountOf = (month: string) =>
    opened.find((line) => segmentKey(line) === key && line.month === month)?.amount?.amount ?? ''
  const send = async (fields: FormData) => {
    const segment: Segment = chosen ?? {
      dimension: required(fields, 'dimension') as SalesDimension,
      segment: required(fields, 'segment'),
    }
    const changed = months.flatMap((month) => {
      const typed = text(fields, month)
      const amount = typed === null ? '' : (typedDecimal(typed) ?? typed)
      return amount === amountOf(month)
        ? []
        : [{ month, dimension: segment.dimension, segment: segment.segment, amount }]
    })
    const quota = wholeMonths(opened, changed)
    if (quota.length === 0) return onClose()
    if (!(await act({ plan: plan.id, quota }))) return
    say(`Quota of “${plan.name}” saved.`)
    onClose()
  }
  return (
    <ActDialog
      title="Quota"
      submit="Save quota"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      wide
      note={`${currency}, whole amounts. Nobody sets the quota they are paid for.`}
    >
      <SelectField
        label="Segment"
        name="which"
        value={key}
        onChange={setKey}
        choices={[
          ...segments.map((one) => ({ value: segmentKey(one), label: segmentName(one) })),
          { value: NEW, label: 'A new segment…' },
        ]}
      />
      {!chosen && (
        <div className="two">
          <SelectField
            label="By"
            name="dimension"
            choices={DIMENSIONS.map((dimension) => ({ value: dimension, label: word(dimension) }))}
          />
          <TextField label="Which" name="segment" required />
        </div>
      )}
      <div className="three keep" key={key}>
        {months.map((month) => (
          <TextField key={month} label={monthYear(month)} name={month} numeric defaultValue={amountOf(month)} />
        ))}
      </div>
    </ActDialog>
  )
}

type Row = {
  key: number
  seller: { id: string; name: string; email?: string | null } | null
  name: string
  weight: string
  rewards: string
}

/** What sellers are paid for. The weights of one seller add to 100 %. */
export function IncentivesDialog({ plan, onClose }: { plan: PlanPageFragment; onClose: () => void }) {
  const { act, busy, no } = useAct(SetIncentivesDocument)
  const [rows, setRows] = useState<Row[]>(() =>
    plan.incentives.map((one, key) => ({
      key,
      seller: one.seller,
      name: one.name,
      weight: one.weight,
      rewards: one.rewards?.id ?? '',
    })),
  )
  const targets = [
    { value: '', label: 'Nothing here' },
    { value: plan.id, label: 'This plan' },
    ...plan.ancestors.map((node) => ({ value: node.id, label: node.name })),
  ]
  const foreign = plan.incentives.flatMap((one) =>
    one.rewards && !targets.some((target) => target.value === one.rewards?.id)
      ? [{ value: one.rewards.id, label: one.rewards.name }]
      : [],
  )
  const add = () =>
    setRows((before) => [
      ...before,
      {
        key: Math.max(-1, ...before.map((row) => row.key)) + 1,
        seller: before.at(-1)?.seller ?? null,
        name: '',
        weight: '',
        rewards: plan.id,
      },
    ])
  const send = async (fields: FormData) => {
    const incentives = rows.map(({ key }) => ({
      seller: required(fields, `seller-${key}`),
      name: required(fields, `name-${key}`),
      weight: typedDecimal(required(fields, `weight-${key}`)) ?? required(fields, `weight-${key}`),
      rewards: text(fields, `rewards-${key}`),
    }))
    if (!(await act({ plan: plan.id, incentives }))) return
    say(`Incentives of “${plan.name}” saved.`)
    onClose()
  }
  return (
    <ActDialog
      title="Incentives"
      submit="Save incentives"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      wide
      note="The weights of one seller add to 100 %."
    >
      <ul className="incrows">
        {rows.map((row) => (
          <li key={row.key}>
            <PersonField label="Seller" name={`seller-${row.key}`} person={row.seller} required />
            <TextField label="Paid for" name={`name-${row.key}`} required defaultValue={row.name} />
            <TextField
              label="Weight, %"
              name={`weight-${row.key}`}
              required
              numeric
              defaultValue={row.weight && plain(Number(row.weight), Number.isInteger(Number(row.weight)) ? 0 : 2)}
            />
            <SelectField
              label="Rewards"
              name={`rewards-${row.key}`}
              defaultValue={row.rewards}
              choices={[...targets, ...foreign]}
            />
            <button
              type="button"
              className="btn quiet icon"
              aria-label={`Remove ${row.name || 'this line'}`}
              onClick={() => setRows((before) => before.filter((one) => one.key !== row.key))}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      <div>
        <button type="button" className="btn" onClick={add}>
          <Icon name="plus" />
          Incentive
        </button>
      </div>
    </ActDialog>
  )
}
