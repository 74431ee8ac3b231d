import { useLazyQuery, useQuery } from '@apollo/client/react'
import { Fragment, type ReactNode } from 'react'
import { NodeLink } from '../../app/NodeLink'
import type { Period } from '../../app/period'
import {
  type ExplainedFragment,
  ExplainRollUpDocument,
  ExplainSalesDocument,
  type RollUpExplainedFragment,
  type RowsBehindFragment,
  type SalesExplainedFragment,
  SalesRowsDocument,
} from '../../gql/documents'
import { Icon } from '../../ui/Icon'
import { exact, plural, readable } from '../../ui/numbers'
import { Pop } from '../../ui/Pop'
import { Bone, CloseButton, Failed } from '../../ui/parts'

type Props<Area> = { title: string; id: string; period: Period; pick: (area: Area) => ExplainedFragment }

type Told = ExplainedFragment['inputs'][number]
type Rows = RowsBehindFragment['inputs'][number]['rows']
type Input = Told & { rows?: Rows }

function Line({ input }: { input: Told }) {
  return (
    <>
      {input.source ? <NodeLink node={input.source}>{input.name}</NodeLink> : <span>{input.name}</span>}
      <span className="num">
        {readable(input.value)}
        {input.entry && <small className="k"> r{input.entry}</small>}
      </span>
    </>
  )
}

/** The deals, or lines of quota, that an input adds up; each with the entry that last changed it. */
function Behind({ rows }: { rows: NonNullable<Rows> }) {
  return (
    <>
      {rows.edges.map(({ cursor, node }) => (
        <li key={cursor} className="below">
          <Line input={node} />
        </li>
      ))}
      {rows.totalCount > rows.edges.length && (
        <li className="below">
          <span>and {plural(rows.totalCount - rows.edges.length, 'smaller one')}</span>
        </li>
      )}
    </>
  )
}

function Body({ figure, more }: { figure: ExplainedFragment; more?: ReactNode }) {
  const inputs: Input[] = figure.inputs
  return (
    <>
      <dl>
        <div>
          <dt>Formula</dt>
          <dd>{figure.formula}</dd>
        </div>
        <div>
          <dt>Result</dt>
          <dd className="num">
            <b>{exact(figure.value)}</b>
          </dd>
        </div>
      </dl>
      {figure.inputs.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard
        <ul aria-label="Inputs" tabIndex={0}>
          {inputs.map((input, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two inputs may have the same name
            <Fragment key={index}>
              <li>
                <Line input={input} />
              </li>
              {input.rows && <Behind rows={input.rows} />}
            </Fragment>
          ))}
        </ul>
      )}
      {more}
      {figure.omitted > 0 && <p>{plural(figure.omitted, 'amount')} left out that you may not read.</p>}
    </>
  )
}

type ShellProps = {
  title: string
  close: () => void
  figure: ExplainedFragment | null
  error?: Error
  retry: () => void
  more?: ReactNode
}

function Shell({ title, close, figure, error, retry, more }: ShellProps) {
  return (
    <div className="ex">
      <header>
        <h3>{title}, explained</h3>
        <CloseButton onClick={close} />
      </header>
      {figure ? (
        <Body figure={figure} more={more} />
      ) : error ? (
        <Failed what="The explanation" problem={error} retry={retry} />
      ) : (
        <dl aria-busy="true">
          <Bone width="80%" />
        </dl>
      )}
    </div>
  )
}

function RollUpBody({ title, id, period, pick, close }: Props<RollUpExplainedFragment> & { close: () => void }) {
  const variables = { id, from: period.from, to: period.to }
  const { data, error, refetch } = useQuery(ExplainRollUpDocument, { variables, fetchPolicy: 'cache-and-network' })
  const area = data?.node && 'rollUp' in data.node ? data.node.rollUp : null
  return <Shell title={title} close={close} figure={area && pick(area)} error={error} retry={() => void refetch()} />
}

function SalesBody({ title, id, period, pick, close }: Props<SalesExplainedFragment> & { close: () => void }) {
  const variables = { id, from: period.from, to: period.to }
  const { data, error, refetch } = useQuery(ExplainSalesDocument, { variables, fetchPolicy: 'cache-and-network' })
  // The rows behind cost a read for each input: they are asked for when wanted, and belong to no other screen.
  const [open, behind] = useLazyQuery(SalesRowsDocument, { fetchPolicy: 'no-cache' })
  const node = behind.data?.node ?? data?.node
  const area = node && 'sales' in node ? node.sales : null
  const more = !behind.data && (
    <div className="more">
      <button type="button" className="btn" disabled={behind.loading} onClick={() => void open({ variables })}>
        Show what is behind
      </button>
      {behind.error && <Failed what="What is behind" problem={behind.error} retry={() => void open({ variables })} />}
    </div>
  )
  const figure = area && pick(area)
  return <Shell title={title} close={close} figure={figure} error={error} retry={() => void refetch()} more={more} />
}

const label = (
  <>
    <Icon name="explain" />
    <span>Explain</span>
  </>
)

/** How a figure of the roll-up comes about: its formula and its inputs, asked for when opened. */
export const ExplainRollUp = (props: Props<RollUpExplainedFragment>) => (
  <Pop className="exp" name={`Explain ${props.title}`} label={label} popClass="wide" popRole="dialog">
    {(close) => <RollUpBody {...props} close={close} />}
  </Pop>
)

/** The same for a figure of sales. */
export const ExplainSales = (props: Props<SalesExplainedFragment>) => (
  <Pop className="exp" name={`Explain ${props.title}`} label={label} popClass="wide" popRole="dialog">
    {(close) => <SalesBody {...props} close={close} />}
  </Pop>
)

/** The same for a figure that is there with its explanation already. */
export const ExplainFigure = ({ title, figure }: { title: string; figure: ExplainedFragment }) => (
  <Pop className="exp" name={`Explain ${title}`} label={label} popClass="wide" popRole="dialog">
    {(close) => <Shell title={title} close={close} figure={figure} retry={() => undefined} />}
  </Pop>
)
