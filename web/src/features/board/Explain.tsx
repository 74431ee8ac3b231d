import { useQuery } from '@apollo/client/react'
import { NodeLink } from '../../app/NodeLink'
import type { Period } from '../../app/period'
import {
  type ExplainedFragment,
  ExplainRollUpDocument,
  ExplainSalesDocument,
  type RollUpExplainedFragment,
  type SalesExplainedFragment,
} from '../../gql/documents'
import { Icon } from '../../ui/Icon'
import { exact, plural, readable } from '../../ui/numbers'
import { Pop } from '../../ui/Pop'
import { Bone, CloseButton, Failed } from '../../ui/parts'

type Props<Area> = { title: string; id: string; period: Period; pick: (area: Area) => ExplainedFragment }

function Body({ figure }: { figure: ExplainedFragment }) {
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
          {figure.inputs.map((input, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two inputs may have the same name
            <li key={index}>
              {input.source ? <NodeLink node={input.source}>{input.name}</NodeLink> : <span>{input.name}</span>}
              <span className="num">
                {readable(input.value)}
                {input.entry && <small className="k"> r{input.entry}</small>}
              </span>
            </li>
          ))}
        </ul>
      )}
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
}

function Shell({ title, close, figure, error, retry }: ShellProps) {
  return (
    <div className="ex">
      <header>
        <h3>{title}, explained</h3>
        <CloseButton onClick={close} />
      </header>
      {figure ? (
        <Body figure={figure} />
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
  const area = data?.node && 'sales' in data.node ? data.node.sales : null
  return <Shell title={title} close={close} figure={area && pick(area)} error={error} retry={() => void refetch()} />
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
