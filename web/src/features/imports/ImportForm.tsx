import { type FormEvent, useRef, useState } from 'react'
import {
  ImportFileDocument,
  type ImportKind,
  type ImportsQuery,
  type ReportFragment,
  SaveImportMappingDocument,
} from '../../gql/documents'
import { newKey, useAct } from '../../gql/useAct'
import { useFiles } from '../../gql/useFiles'
import { SelectField } from '../../ui/fields'
import { Refused } from '../../ui/parts'
import { say } from '../../ui/toast'
import { ActButton } from '../../ui/Why'
import { word } from '../../ui/words'
import { GuessTable } from './GuessTable'
import { ProgressBar } from './ProgressBar'
import { useGuess } from './useGuess'
import { useProgress } from './useProgress'

type Loaded = NonNullable<ImportsQuery['organization']>

const KINDS: { value: ImportKind; label: string }[] = [
  { value: 'TRACKER', label: 'Tracker: a sheet of initiatives with plan and actuals' },
  { value: 'TARGETS', label: 'Targets: quota by person or segment and month' },
  { value: 'CRM', label: 'CRM: an extract of opportunities' },
  { value: 'INDICATORS', label: 'Indicators: period, target and actual' },
  { value: 'STRATEGY', label: 'Strategy: a plan in StratML' },
]
const GUESSED: ImportKind[] = ['TRACKER', 'TARGETS']
const NEW = ''

type Props = { organization: Loaded; onReport: (report: ReportFragment | null) => void }

/** Choose a file, say or guess what its columns mean, try it, and take it in. */
export function ImportForm({ organization, onReport }: Props) {
  const form = useRef<HTMLFormElement>(null)
  const [kind, setKind] = useState<ImportKind>('TRACKER')
  const [mapping, setMapping] = useState('')
  const [files, setFiles] = useState<File[]>([])
  const sending = useFiles(ImportFileDocument)
  const saving = useAct(SaveImportMappingDocument)
  const { guess, problem, ask } = useGuess()
  const { progress, follow, leave } = useProgress()
  const saved = organization.importMappings.filter((one) => one.kind === kind)
  const [first] = files

  const run = async (dryRun: boolean) => {
    if (sending.busy || !form.current?.reportValidity()) return
    onReport(null)
    const idempotencyKey = newKey()
    follow(idempotencyKey)
    const done = await sending.send({ kind, mapping, dryRun, idempotencyKey }, files)
    leave()
    if (!done) return
    onReport(done)
    if (!dryRun) say('Imported.')
  }
  const propose = async () => {
    const yaml = first && (await ask(first, kind))
    if (yaml) setMapping(yaml)
  }
  const save = async () => {
    const name = first?.name.replace(/\.\w+$/, '') || word(kind)
    if (await saving.act({ name, kind, yaml: mapping })) say(`Mapping saved as “${name}”.`)
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    void run(true)
  }
  return (
    <section className="card" aria-label="A file to import">
      <form ref={form} className="pad imp" onSubmit={onSubmit}>
        <div className="two">
          <SelectField
            label="What it is"
            name="kind"
            value={kind}
            onChange={(value) => setKind(value as ImportKind)}
            choices={KINDS}
          />
          {saved.length > 0 && (
            <SelectField
              label="Saved mapping"
              name="saved"
              onChange={(id) => setMapping(saved.find((one) => one.id === id)?.yaml ?? '')}
              choices={[
                { value: NEW, label: 'A new one' },
                ...saved.map(({ id, name }) => ({ value: id, label: name })),
              ]}
            />
          )}
        </div>
        <div className="field">
          <label htmlFor="files">Files</label>
          <input
            id="files"
            className="in"
            type="file"
            multiple
            required
            accept=".csv,.txt,.tsv,.xlsx,.xml,.json"
            onChange={(event) => setFiles([...(event.target.files ?? [])])}
          />
          <small>CSV or XLSX, StratML as XML; several where they belong together</small>
        </div>
        {kind !== 'STRATEGY' && (
          <div className="field">
            <label htmlFor="mapping">What the columns mean</label>
            <textarea
              id="mapping"
              rows={14}
              required
              spellCheck={false}
              className="in code"
              value={mapping}
              onChange={(event) => setMapping(event.target.value)}
            />
            <small>
              YAML: docs/import-tracker.md, import-targets.md, import-crm.md and import-indicators.md describe it
            </small>
          </div>
        )}
        {guess && <GuessTable guess={guess} />}
        {problem && (
          <div className="refusal" role="alert">
            <p>{problem}</p>
          </div>
        )}
        <Refused no={sending.no ?? saving.no} />
        {sending.busy && <ProgressBar progress={progress} />}
        <div className="acts">
          {GUESSED.includes(kind) && first && (
            <button type="button" className="btn" onClick={() => void propose()}>
              Guess from the headers
            </button>
          )}
          {mapping !== '' && (
            <ActButton acts={organization.acts} act="saveImportMapping" onClick={() => void save()}>
              Save the mapping
            </ActButton>
          )}
          <button type="submit" className="btn" aria-disabled={sending.busy || undefined}>
            Try it: a dry run
          </button>
          <ActButton
            acts={organization.acts}
            act="importFile"
            className="btn primary"
            aria-disabled={sending.busy || undefined}
            onClick={() => void run(false)}
          >
            Import
          </ActButton>
        </div>
      </form>
    </section>
  )
}
