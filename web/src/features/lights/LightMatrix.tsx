import './lights.css'
import { useQuery } from '@apollo/client/react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useOrganization } from '../../app/session'
import {
  type CellFragment,
  type Light,
  LightMatrixDocument,
  type LightMatrixQuery,
  type LightView,
} from '../../gql/documents'
import { useActivity } from '../../gql/useActivity'
import { Glyph } from '../../ui/Glyph'
import { compact, exact, plural, type Scale, unitOf } from '../../ui/numbers'
import { CardBones, Failed } from '../../ui/parts'
import { heat, LIGHTS, lightTone, lightWord } from './light'

/** What moves a measure from one cell to another. */
const MOVES_LIGHTS = [
  'LIGHT_SET',
  'CYCLE_CLOSED',
  'STAGE_CHANGED',
  'STANDING_CHANGED',
  'VALUE_CHANGED',
  'VALUE_CORRECTED',
  'MILESTONE_CHANGED',
  'MILESTONE_ACHIEVED',
  'RESULTS_RECORDED',
]

function cellsOf(data: LightMatrixQuery | undefined) {
  const node = data?.node
  return node && 'lightMatrix' in node ? node.lightMatrix : null
}

const Name = ({ light }: { light: Light }) => (
  <span className={`lw ${lightTone[light]}`}>
    <Glyph name={lightTone[light]} />
    {lightWord[light]}
  </span>
)

type CellProps = { cell: CellFragment | undefined; tint: string; scale: Scale; lists: boolean }

function CellView({ cell, tint, scale, lists }: CellProps) {
  if (!cell || cell.measures === 0)
    return (
      <span className="h0" aria-hidden="true">
        ·
      </span>
    )
  const { implementation, potential, measures, plan } = cell
  const inside = (
    <>
      <b>{measures}</b>
      {plan.value && <small className="num">{compact(plan.value.amount, scale)}</small>}
    </>
  )
  if (!lists)
    return (
      <span className={tint} title={exact(plan.value)}>
        {inside}
      </span>
    )
  return (
    <Link
      to="/cascade"
      search={{ work: implementation, value: potential, standing: 'ACTIVE' }}
      className={tint}
      title={exact(plan.value)}
    >
      {inside}
      <span className="sr">
        {measures === 1 ? 'measure' : 'measures'}: work {lightWord[implementation].toLowerCase()}, value{' '}
        {lightWord[potential].toLowerCase()}
      </span>
    </Link>
  )
}

type Props = {
  id: string
  scale: Scale
  currency: string
  /** Whether the whole organization is meant: only then a cell lists its measures in the cascade. */
  whole: boolean
}

/** The active measures by their two lights: how many, and how much of the plan; a cell lists them. */
export function LightMatrixCard({ id, scale, currency, whole }: Props) {
  const [view, setView] = useState<LightView>('SHOWN')
  const { revision } = useOrganization()
  const { data, previousData, error, refetch } = useQuery(LightMatrixDocument, {
    variables: { id, view },
    fetchPolicy: 'cache-and-network',
  })
  useActivity(null, revision, (facts) => facts.some((fact) => MOVES_LIGHTS.includes(fact.kind)) && void refetch())
  const cells = cellsOf(data ?? previousData)
  if (!cells)
    return error ? (
      <section className="card">
        <Failed what="The lights" problem={error} retry={() => void refetch()} />
      </section>
    ) : (
      <CardBones title="Lights" lines={5} height={36} />
    )
  const at = (implementation: Light, potential: Light) =>
    cells.find((cell) => cell.implementation === implementation && cell.potential === potential)
  const most = Math.max(...cells.map((cell) => cell.measures))
  const lists = whole && view === 'SHOWN'
  const all = cells.reduce((sum, cell) => sum + cell.measures, 0)
  return (
    <section className="card" aria-label="Lights">
      <header>
        <h2>Lights</h2>
        <span className="grow" />
        <div className="seg" role="group" aria-label="Which lights">
          <button type="button" aria-pressed={view === 'SHOWN'} onClick={() => setView('SHOWN')}>
            As set
          </button>
          <button type="button" aria-pressed={view === 'PROPOSED'} onClick={() => setView('PROPOSED')}>
            As proposed
          </button>
        </div>
      </header>
      <table className="mx">
        <caption className="sr">
          {plural(all, 'active measure')} by implementation and potential, with their plan of this fiscal year in{' '}
          {unitOf(scale, currency)}
        </caption>
        <thead>
          <tr>
            <th className="cor" scope="col">
              Work <span aria-hidden="true">/</span> value
            </th>
            {LIGHTS.map((potential) => (
              <th key={potential} scope="col">
                <span className="sr">Potential: </span>
                <Name light={potential} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {LIGHTS.map((implementation) => (
            <tr key={implementation}>
              <th scope="row">
                <span className="sr">Implementation: </span>
                <Name light={implementation} />
              </th>
              {LIGHTS.map((potential) => {
                const cell = at(implementation, potential)
                return (
                  <td key={potential}>
                    <CellView cell={cell} tint={heat(cell?.measures ?? 0, most)} scale={scale} lists={lists} />
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <footer>
        <span className="note">
          {plural(all, 'active measure')}, plan of this fiscal year in {unitOf(scale, currency)}. Grey is not green.
        </span>
      </footer>
    </section>
  )
}
