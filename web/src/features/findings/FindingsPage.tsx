import './findings.css'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { Page } from '../../app/Page'
import { useOrganization } from '../../app/session'
import type { FindingCode, FindingRowFragment, Severity } from '../../gql/documents'
import { day } from '../../ui/dates'
import { exact, plural, type Scale, scaleFor, unitOf } from '../../ui/numbers'
import { Amount, CardBones, Empty, Failed, Status } from '../../ui/parts'
import { word } from '../../ui/words'
import { FindingDetail } from './FindingDetail'
import { CODES, SEVERITIES, severityTone } from './finding'
import { useFindings } from './useFindings'

const A_PAGE = 50

function Row({ finding, scale }: { finding: FindingRowFragment; scale: Scale }) {
  const { today, name } = useOrganization()
  const [open, setOpen] = useState(false)
  return (
    <li id={finding.id} className={finding.resolvedAt ? 'over' : undefined}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span>
            <span className="codeline">
              <Status tone={severityTone[finding.severity]}>{word(finding.severity)}</Status>
              <code>{finding.code}</code>
              {finding.on?.name ?? name}
            </span>
            <p>{finding.sentence}</p>
          </span>
          <span className="m">
            <Amount money={finding.atStake} scale={scale} decimals={2} />
            <small>
              {finding.resolvedAt
                ? `resolved ${day(finding.resolvedAt.slice(0, 10), today)}`
                : `since ${day(finding.since.slice(0, 10), today)}`}
            </small>
          </span>
        </summary>
        {open && <FindingDetail id={finding.id} />}
      </details>
    </li>
  )
}

/** Everything that the system noticed by itself, most money first, with its history. */
export function FindingsPage() {
  const { under, codes, severity, all } = useSearch({ from: '/findings' })
  const navigate = useNavigate()
  const organization = useOrganization()
  const change = (next: { under?: string; codes?: string; severity?: string; all?: string }) =>
    void navigate({ to: '/findings', search: (before) => ({ ...before, ...next }), replace: true, resetScroll: false })
  const { name, rows, total, more, error, refetch } = useFindings(under ?? organization.id, {
    first: A_PAGE,
    codes: codes ? [codes as FindingCode] : null,
    severity: severity ? [severity as Severity] : null,
    includeResolved: Boolean(all),
  })
  const currency = organization.reportingCurrency
  const scale = scaleFor((rows ?? []).map((finding) => finding.atStake?.amount))
  return (
    <Page title="Findings">
      <div className="ph">
        <div>
          <h1>Findings</h1>
          <p className="sub">
            what the system noticed by itself · {name ?? 'whole organization'}
            {name && (
              <>
                {' · '}
                <button type="button" className="lkn" onClick={() => change({ under: undefined })}>
                  show all
                </button>
              </>
            )}
          </p>
        </div>
      </div>
      <div className="fbar" role="search">
        <label>
          <span className="sr">Kind of finding</span>
          <select
            className="in"
            value={codes ?? ''}
            onChange={(event) => change({ codes: event.target.value || undefined })}
          >
            <option value="">Every kind</option>
            {CODES.map((code) => (
              <option key={code} value={code}>
                {word(code)}
              </option>
            ))}
          </select>
        </label>
        {SEVERITIES.map((one) => (
          <button
            key={one}
            type="button"
            className={severity === one ? 'chip on' : 'chip'}
            aria-pressed={severity === one}
            onClick={() => change({ severity: severity === one ? undefined : one })}
          >
            {word(one)}
          </button>
        ))}
        <button
          type="button"
          className={all ? 'chip on' : 'chip'}
          aria-pressed={Boolean(all)}
          onClick={() => change({ all: all ? undefined : 'yes' })}
        >
          With what was resolved
        </button>
      </div>
      {!rows ? (
        error ? (
          <section className="card">
            <Failed what="The findings" problem={error} retry={refetch} />
          </section>
        ) : (
          <CardBones lines={8} />
        )
      ) : rows.length === 0 ? (
        <section className="card">
          <Empty
            action={
              <button
                type="button"
                className="btn"
                onClick={() => change({ codes: undefined, severity: undefined, all: 'yes' })}
              >
                Show all, with what was resolved
              </button>
            }
          >
            Nothing like this is noticed here.
          </Empty>
        </section>
      ) : (
        <section className="card" aria-label="Findings">
          <header>
            <h2>{plural(total, 'finding')}</h2>
            <span className="grow" />
            <span className="unit" title={exact(rows[0]?.atStake)}>
              at stake, {unitOf(scale, currency)}
            </span>
          </header>
          <ul className="finds">
            {rows.map((finding) => (
              <Row key={finding.id} finding={finding} scale={scale} />
            ))}
          </ul>
          {more && (
            <footer>
              <button type="button" className="btn" onClick={more}>
                Show more
              </button>
            </footer>
          )}
        </section>
      )}
    </Page>
  )
}
