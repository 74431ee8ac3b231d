import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import {
  EditPolicyDraftDocument,
  PolicyCatalogueDocument,
  type PolicyFullFragment,
  type PolicyStandFragment,
} from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { ActDialog } from '../../ui/Dialog'
import { SelectField } from '../../ui/fields'
import { say } from '../../ui/toast'
import { word } from '../../ui/words'

/** What a file says of itself in the comment that it begins with. */
export const firstWords = (yaml: string): string => {
  const lines = yaml.split('\n')
  const end = lines.findIndex((line) => !/^#\s*\S/.test(line))
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line) => line.replace(/^#\s*/, ''))
    .join(' ')
}

type Props = {
  versions: readonly PolicyStandFragment[]
  /** The draft that it would replace, if there is one. */
  replaced?: PolicyFullFragment
  onClose: () => void
  onBegun: (version: number) => void
}

/** Begins a draft with what is in force, an earlier version, or one of the policies that ship ready. */
export function BeginDraftDialog({ versions, replaced, onClose, onBegun }: Props) {
  const { act, busy, no } = useAct(EditPolicyDraftDocument)
  const { data } = useQuery(PolicyCatalogueDocument)
  const templates = data?.organization?.policyTemplates ?? []
  const locked = versions.filter((one) => one.state === 'IN_FORCE' || one.state === 'RETIRED')
  const [from, setFrom] = useState(locked[0]?.id ?? 'STANDARD')
  const ready = templates.find((one) => one.template === from)
  const send = async () => {
    const base = ready ? { template: ready.template } : { basedOn: from }
    const draft = await act({ ...base, expectedRevision: replaced?.revision ?? null })
    if (!draft) return
    say(`Version ${draft.version} is drafted.`)
    onClose()
    onBegun(draft.version)
  }
  return (
    <ActDialog
      title={replaced ? 'Begin the draft anew' : 'Draft a policy'}
      submit={replaced ? 'Replace the draft' : 'Begin the draft'}
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      note="Nothing changes for anybody before an executive ratifies it."
    >
      <SelectField
        label="Begin with"
        name="from"
        value={from}
        onChange={setFrom}
        choices={[
          ...locked.map((one) => ({
            value: one.id,
            label: `${one.name}, version ${one.version}${one.state === 'IN_FORCE' ? ', in force' : ''}`,
          })),
          ...templates.map((one) => ({ value: one.template, label: `${word(one.template)} (ready)` })),
        ]}
        hint={ready && firstWords(ready.yaml)}
      />
    </ActDialog>
  )
}
