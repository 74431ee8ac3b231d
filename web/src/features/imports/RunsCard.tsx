import { useOrganization } from '../../app/session'
import type { ImportsQuery } from '../../gql/documents'
import { day } from '../../ui/dates'
import { plural } from '../../ui/numbers'
import { Empty } from '../../ui/parts'
import { word } from '../../ui/words'

type Runs = NonNullable<ImportsQuery['organization']>['imports']

/** What was imported before, newest first. */
export function RunsCard({ runs }: { runs: Runs }) {
  const { today } = useOrganization()
  return (
    <section className="card" aria-label="Imported before">
      <header>
        <h2>Imported before</h2>
        <span className="grow" />
        <span className="unit">{plural(runs.totalCount, 'import')}</span>
      </header>
      {runs.edges.length === 0 ? (
        <Empty>Nothing was imported yet.</Empty>
      ) : (
        <ul className="list rows">
          {runs.edges.map(({ node: run }) => (
            <li key={run.id}>
              <div className="row">
                <span className="a">
                  <b>{run.fileName}</b>
                  <span>{run.report?.sentence}</span>
                </span>
                <span className="m">
                  {word(run.kind)}
                  <small>
                    {day(run.at.slice(0, 10), today)}, {run.by.name}
                  </small>
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
