import { useNavigate, useSearch } from '@tanstack/react-router'
import type { PlanPageFragment, SliceFragment } from '../../gql/documents'
import { monthYear } from '../../ui/dates'
import { Glyph } from '../../ui/Glyph'
import { compact, percent, type Scale, times, unitOf } from '../../ui/numbers'
import { Empty, Scroll } from '../../ui/parts'
import { figuresOf, type SliceFigures } from './sales'

const CUTS = [
  { key: 'seller', word: 'Seller' },
  { key: 'product', word: 'Product' },
  { key: 'territory', word: 'Territory' },
  { key: 'month', word: 'Month' },
] as const
type Cut = (typeof CUTS)[number]['key']

const slicesOf = ({ sales }: PlanPageFragment, cut: Cut): SliceFragment[] =>
  cut === 'seller'
    ? sales.bySeller
    : cut === 'product'
      ? sales.byProduct
      : cut === 'territory'
        ? sales.byTerritory
        : sales.byMonth

function Cells({ figures, scale }: { figures: SliceFigures; scale: Scale }) {
  const { quota, won, open, attainment, gap, winRate, coverage, required, short } = figures
  return (
    <>
      <td className="no-ph-cell">{quota ? compact(quota, scale) : <span className="dim">·</span>}</td>
      <td>{compact(won, scale)}</td>
      <td>
        {attainment !== null && (
          <span className="ib no-ph" aria-hidden="true">
            <b style={{ width: `${Math.min(100, attainment * 100)}%` }} />
          </span>
        )}
        {percent(attainment)}
      </td>
      <td className="no-ph-cell">{compact(gap, scale)}</td>
      <td>{compact(open, scale)}</td>
      <td className="no-ph-cell">{percent(winRate)}</td>
      <td className="no-ph-cell">
        {short && (
          <span className="risk" title="short of the required coverage">
            <Glyph name="risk" /> <span className="sr">short of the required coverage, </span>
          </span>
        )}
        {times(coverage)}
      </td>
      <td className="dim no-ph-cell">{times(required)}</td>
    </>
  )
}

export function SlicesCard({ plan, scale, currency }: { plan: PlanPageFragment; scale: Scale; currency: string }) {
  const { by } = useSearch({ from: '/plan/$id' })
  const navigate = useNavigate()
  const chosen = CUTS.find((one) => one.key === by) ?? CUTS[0]
  const slices = slicesOf(plan, chosen.key)
  const choose = (key: Cut) =>
    void navigate({
      to: '.',
      search: (before) => ({ ...before, by: key === 'seller' ? undefined : key }),
      replace: true,
      resetScroll: false,
    })
  const { sales } = plan
  const total =
    sales.quota.value && sales.won.value && sales.openPipeline.value
      ? figuresOf({
          quota: sales.quota.value,
          won: sales.won.value,
          openPipeline: sales.openPipeline.value,
          winRate: sales.winRate,
        })
      : null
  return (
    <section className="card" aria-label={`By ${chosen.word.toLowerCase()}`}>
      <header className="wrap">
        <h2>By {chosen.word.toLowerCase()}</h2>
        <span className="unit">{unitOf(scale, currency)}</span>
        <span className="grow" />
        <div className="seg" role="group" aria-label="Cut">
          {CUTS.map((one) => (
            <button key={one.key} type="button" aria-pressed={one.key === chosen.key} onClick={() => choose(one.key)}>
              {one.word}
            </button>
          ))}
        </div>
      </header>
      {slices.length === 0 ? (
        <Empty>No quota and no result has a {chosen.word.toLowerCase()} in this period.</Empty>
      ) : (
        <Scroll label={`Table by ${chosen.word.toLowerCase()}`}>
          <table className="tb">
            <thead>
              <tr>
                <th className="l" scope="col">
                  {chosen.word}
                </th>
                <th scope="col" className="no-ph-cell">
                  Quota
                </th>
                <th scope="col">Won</th>
                <th scope="col">Attainment</th>
                <th scope="col" className="no-ph-cell">
                  Gap
                </th>
                <th scope="col">Pipeline</th>
                <th scope="col" className="no-ph-cell">
                  Win rate
                </th>
                <th scope="col" className="no-ph-cell">
                  Coverage
                </th>
                <th scope="col" className="no-ph-cell">
                  Required
                </th>
              </tr>
            </thead>
            <tbody>
              {slices.map((slice) => (
                <tr key={slice.key}>
                  <th scope="row">
                    {chosen.key === 'month'
                      ? monthYear(slice.key)
                      : slice.key || <span className="dim">not named</span>}
                  </th>
                  <Cells figures={figuresOf(slice)} scale={scale} />
                </tr>
              ))}
              {total && (
                <tr className="tot">
                  <th scope="row">All</th>
                  <Cells figures={total} scale={scale} />
                </tr>
              )}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  )
}
