import '../review/review.css'
import './imports.css'
import { useQuery } from '@apollo/client/react'
import { type FormEvent, useState } from 'react'
import { Page } from '../../app/Page'
import { ImportFileDocument, type ImportKind, ImportsDocument, type ReportFragment } from '../../gql/documents'
import { useFiles } from '../../gql/useFiles'
import { required, SelectField } from '../../ui/fields'
import { CardBones, Failed, Refused } from '../../ui/parts'
import { say } from '../../ui/toast'
import { ActButton } from '../../ui/Why'
import { ReportCard } from './ReportCard'

const KINDS: { value: ImportKind; label: string }[] = [
  { value: 'TRACKER', label: 'Tracker: a sheet of initiatives with plan and actuals' },
  { value: 'TARGETS', label: 'Targets: quota by person or segment and month' },
  { value: 'CRM', label: 'CRM: an extract of opportunities' },
]

type Asked = { kind: ImportKind; mapping: string; files: File[] }

const asked = (form: HTMLFormElement): Asked => {
  const fields = new FormData(form)
  return {
    kind: required(fields, 'kind') as ImportKind,
    mapping: required(fields, 'mapping'),
    files: fields.getAll('files').filter((file): file is File => file instanceof File && file.name !== ''),
  }
}

/** Files from elsewhere: what their columns mean, what taking them in would do, and doing it. */
export function ImportsPage() {
  const { data, error, refetch } = useQuery(ImportsDocument)
  const { send, busy, no } = useFiles(ImportFileDocument)
  const [report, setReport] = useState<ReportFragment | null>(null)
  const organization = data?.organization
  const run = async (form: HTMLFormElement | null, dryRun: boolean) => {
    if (!form?.reportValidity()) return
    const { files, ...input } = asked(form)
    setReport(null)
    const done = await send({ ...input, dryRun }, files)
    if (!done) return
    setReport(done)
    if (!dryRun) say('Imported.')
  }
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    void run(event.currentTarget, true)
  }
  return (
    <Page title="Imports">
      <div className="ph">
        <div>
          <h1>Imports</h1>
          <p className="sub">all of a file or nothing; the same file again changes nothing</p>
        </div>
      </div>
      {!organization ? (
        error ? (
          <section className="card">
            <Failed what="The imports" problem={error} retry={() => void refetch()} />
          </section>
        ) : (
          <CardBones lines={5} />
        )
      ) : (
        <section className="card" aria-label="A file to import">
          <form className="pad imp" onSubmit={onSubmit}>
            <SelectField label="What it is" name="kind" choices={KINDS} />
            <div className="field">
              <label htmlFor="files">Files</label>
              <input
                id="files"
                name="files"
                className="in"
                type="file"
                multiple
                required
                accept=".csv,.txt,.tsv,.xlsx"
              />
              <small>CSV or XLSX; several where they belong together</small>
            </div>
            <div className="field">
              <label htmlFor="mapping">What the columns mean</label>
              <textarea id="mapping" name="mapping" rows={14} required spellCheck={false} className="in code" />
              <small>YAML, as docs/import-tracker.md, import-targets.md and import-crm.md describe it</small>
            </div>
            <Refused no={no} />
            <div className="acts">
              <button type="submit" className="btn" aria-disabled={busy || undefined}>
                {busy ? 'Reading…' : 'Try it: a dry run'}
              </button>
              <ActButton
                acts={organization.acts}
                act="importFile"
                className="btn primary"
                onClick={(event) => void run(event.currentTarget.closest('form'), false)}
              >
                Import
              </ActButton>
            </div>
          </form>
        </section>
      )}
      {report && <ReportCard report={report} />}
    </Page>
  )
}
