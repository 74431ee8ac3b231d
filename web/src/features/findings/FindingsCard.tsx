import './findings.css'
import { Link } from '@tanstack/react-router'
import { Glyph } from '../../ui/Glyph'
import { plural, type Scale, unitOf } from '../../ui/numbers'
import { Amount, CardBones, Empty, Failed } from '../../ui/parts'
import { severityTone } from './finding'
import { useFindings } from './useFindings'

const FEW = 4

/** What the system noticed here and below, most money first; the page lists all of it. */
export function FindingsCard({
  id,
  under,
  scale,
  currency,
}: {
  id: string
  under?: string
  scale: Scale
  currency: string
}) {
  const { rows, total, error, refetch } = useFindings(id, { first: FEW })
  if (!rows)
    return error ? (
      <section className="card">
        <Failed what="The findings" problem={error} retry={refetch} />
      </section>
    ) : (
      <CardBones title="Findings" lines={4} />
    )
  return (
    <section className="card" aria-label="Findings">
      <header>
        <h2>Findings</h2>
        <span className="grow" />
        <span className="unit">at stake, {unitOf(scale, currency)}</span>
      </header>
      {rows.length === 0 ? (
        <Empty>The system has nothing to point at here.</Empty>
      ) : (
        <ul className="list short">
          {rows.map((finding) => (
            <li key={finding.id}>
              <Link to="/findings" search={{ under, codes: finding.code }} hash={finding.id}>
                <span className="a">
                  <b className="codeline">
                    <span className={severityTone[finding.severity]}>
                      <Glyph name={severityTone[finding.severity]} word={finding.severity.toLowerCase()} />
                    </span>
                    <code>{finding.code}</code>
                  </b>
                  <span>{finding.sentence}</span>
                </span>
                <span className="m">
                  <Amount money={finding.atStake} scale={scale} decimals={2} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      <footer>
        <Link className="lk" to="/findings" search={{ under }}>
          {total === 0 ? 'All findings, with what was resolved' : `All ${plural(total, 'finding')}`}
        </Link>
      </footer>
    </section>
  )
}
