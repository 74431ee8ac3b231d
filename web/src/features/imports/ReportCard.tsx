import type { FaultFragment, ReportFragment } from '../../gql/documents'
import { NONE, plural } from '../../ui/numbers'
import { Scroll, Status } from '../../ui/parts'

/** More rows than this are told by their number; the command line prints all of them. */
const MOST = 200

function Rows({ title, faults }: { title: string; faults: readonly FaultFragment[] }) {
  if (faults.length === 0) return null
  return (
    <details>
      <summary className="pad">
        <b>{title}</b> <span className="num">{faults.length.toLocaleString('en-GB')}</span>
      </summary>
      <Scroll label={title}>
        <table className="tb">
          <thead>
            <tr>
              <th scope="col" className="l">
                File
              </th>
              <th scope="col" className="n">
                Line
              </th>
              <th scope="col" className="l">
                Column
              </th>
              <th scope="col" className="l">
                Value
              </th>
              <th scope="col" className="l">
                What is wrong
              </th>
            </tr>
          </thead>
          <tbody>
            {faults.slice(0, MOST).map((fault, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row may have the same fault twice
              <tr key={index}>
                <td className="l">{fault.file}</td>
                <td className="n">{fault.line}</td>
                <td className="l">{fault.column ?? NONE}</td>
                <td className="l">{fault.value ?? NONE}</td>
                <td className="l">{fault.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {faults.length > MOST && <p className="note pad">The first {MOST} are shown.</p>}
    </details>
  )
}

/** What an import did, or would do: in a sentence, in numbers, and row by row where a row was not taken as it stood. */
export function ReportCard({ report }: { report: ReportFragment }) {
  const counts = (
    [
      ['Rows read', report.read],
      ['New', report.created],
      ['Changed', report.changed],
      ['The same', report.unchanged],
      ['Nodes made', report.nodesCreated],
      ['Value lines', report.linesCreated],
      ['People made known', report.peopleCreated],
      ['Without a plan', report.orphans],
    ] as const
  ).filter(([, count]) => count > 0)
  return (
    <section className="card" aria-label="Report" role="status">
      <header>
        <h2>{report.dryRun ? 'What this would do' : 'What was done'}</h2>
        {report.notTaken.length > 0 && <Status tone="risk">{plural(report.notTaken.length, 'row')} not taken</Status>}
      </header>
      <p className="pad">{report.sentence}</p>
      <dl className="cyc">
        {counts.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{count.toLocaleString('en-GB')}</dd>
          </div>
        ))}
      </dl>
      {report.notes.length > 0 && (
        <ul className="pad k">
          {report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <Rows title="Rows not taken" faults={report.notTaken} />
      <Rows title="Cells whose figure is unknown" faults={report.unknown} />
      <Rows title="Totals left out" faults={report.leftOut} />
      <Rows title="Deals kept without a plan" faults={report.keptWithoutPlan} />
    </section>
  )
}
