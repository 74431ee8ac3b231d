import '../review/review.css'
import './imports.css'
import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { Page } from '../../app/Page'
import { ImportsDocument, type ReportFragment } from '../../gql/documents'
import { useActivity } from '../../gql/useActivity'
import { CardBones, Failed } from '../../ui/parts'
import { ImportForm } from './ImportForm'
import { ReportCard } from './ReportCard'
import { RunsCard } from './RunsCard'

/** Files from elsewhere: what their columns mean, what taking them in would do, doing it, and what was done before. */
export function ImportsPage() {
  const { data, error, refetch } = useQuery(ImportsDocument, { fetchPolicy: 'cache-and-network' })
  const [report, setReport] = useState<ReportFragment | null>(null)
  const organization = data?.organization
  useActivity(
    null,
    organization?.revision,
    (facts) => facts.some((fact) => fact.kind === 'FILE_IMPORTED') && void refetch(),
  )
  return (
    <Page title="Imports">
      <div className="ph">
        <div>
          <h1>Imports</h1>
          <p className="sub">all of a file or nothing; the same file again changes nothing</p>
        </div>
      </div>
      {organization ? (
        <div className="cards">
          <ImportForm organization={organization} onReport={setReport} />
          {report && <ReportCard report={report} />}
          <RunsCard runs={organization.imports} />
        </div>
      ) : error ? (
        <section className="card">
          <Failed what="The imports" problem={error} retry={() => void refetch()} />
        </section>
      ) : (
        <CardBones lines={5} />
      )}
    </Page>
  )
}
