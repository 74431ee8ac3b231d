import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { useOrganization } from '../../app/session'
import { type IndicatorRowFragment, IndicatorsDocument, type Verdict } from '../../gql/documents'
import { useActivity } from '../../gql/useActivity'
import { day } from '../../ui/dates'
import { digits, NONE, percent } from '../../ui/numbers'
import { CardBones, Empty, Failed, Scroll, Status } from '../../ui/parts'
import { ActButton } from '../../ui/Why'
import { type Tone, word } from '../../ui/words'
import { AddIndicatorDialog, ReadingDialog } from './IndicatorDialogs'

const tone: Record<Verdict, Tone> = { HOLDING: 'ok', FAILING: 'off', UNPROVEN: 'none' }

const told = (value: string | null, unit: string | null): string =>
  value === null ? NONE : `${digits(value)}${unit ? ` ${unit}` : ''}`

/** A point of a straight line: two places are enough to look at. */
const rounded = (value: string | null): string | null => value?.replace(/(\.\d\d)\d+$/, '$1') ?? null

function Row({ indicator, onRecord }: { indicator: IndicatorRowFragment; onRecord: () => void }) {
  const { today } = useOrganization()
  const { name, unit, current, readOn, expected, target, targetDate, progress, verdict } = indicator
  return (
    <tr>
      <th scope="row" className="wrap">
        {name}
        {indicator.decides && <small className="k"> decides the verdict</small>}
      </th>
      <td className="n">
        {told(current, unit)}
        {readOn && <small className="k"> {day(readOn, today)}</small>}
      </td>
      <td className="n">{told(rounded(expected), unit)}</td>
      <td className="n">
        {told(target, unit)}
        {targetDate && <small className="k"> by {day(targetDate, today)}</small>}
      </td>
      <td className="n">{percent(progress)}</td>
      <td className="l wrap">
        <Status tone={tone[verdict.verdict]}>{word(verdict.verdict)}</Status>{' '}
        <small className="k">{verdict.sentence}</small>
      </td>
      <td>
        <ActButton acts={indicator.acts} act="recordIndicator" className="btn small" onClick={onRecord}>
          Record
        </ActButton>
      </td>
    </tr>
  )
}

/** What a node is measured by: its readings against the path to target, and whether the hypothesis holds so far. */
export function IndicatorsCard({ id }: { id: string }) {
  const { revision } = useOrganization()
  const { data, previousData, error, refetch } = useQuery(IndicatorsDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  })
  useActivity(id, revision, () => void refetch())
  const [open, setOpen] = useState<'add' | IndicatorRowFragment | null>(null)
  const found = (data ?? (previousData?.node?.id === id ? previousData : undefined))?.node
  const node = found && 'indicators' in found ? found : null
  if (!node)
    return error ? (
      <section className="card">
        <Failed what="The indicators" problem={error} retry={() => void refetch()} />
      </section>
    ) : (
      <CardBones title="Indicators" lines={3} />
    )
  const verdict = 'verdict' in node ? node.verdict : null
  const add = (
    <ActButton acts={node.acts} act="addIndicator" className="btn small" onClick={() => setOpen('add')}>
      Add an indicator
    </ActButton>
  )
  return (
    <section className="card" aria-label="Hypothesis and indicators" style={{ marginTop: 'var(--s3)' }}>
      <header>
        <h2>{verdict ? 'Does the hypothesis hold?' : 'Indicators'}</h2>
        {verdict && <Status tone={tone[verdict.verdict]}>{word(verdict.verdict)}</Status>}
        <span className="grow" />
        {node.indicators.length > 0 && add}
      </header>
      {node.indicators.length === 0 ? (
        <Empty action={add}>
          Nothing measures this yet. An indicator has a start, a target and readings between them.
        </Empty>
      ) : (
        <>
          {verdict && <p className="note pad">{verdict.sentence}</p>}
          <Scroll label="Indicators">
            <table className="tb">
              <thead>
                <tr>
                  <th scope="col" className="l">
                    Indicator
                  </th>
                  <th scope="col" className="n">
                    Reading
                  </th>
                  <th scope="col" className="n">
                    Path today
                  </th>
                  <th scope="col" className="n">
                    Target
                  </th>
                  <th scope="col" className="n">
                    Progress
                  </th>
                  <th scope="col" className="l">
                    So far
                  </th>
                  <th scope="col">
                    <span className="sr">Acts</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {node.indicators.map((indicator) => (
                  <Row key={indicator.id} indicator={indicator} onRecord={() => setOpen(indicator)} />
                ))}
              </tbody>
            </table>
          </Scroll>
        </>
      )}
      {open === 'add' && <AddIndicatorDialog under={id} onClose={() => setOpen(null)} />}
      {open !== null && open !== 'add' && <ReadingDialog indicator={open} onClose={() => setOpen(null)} />}
    </section>
  )
}
