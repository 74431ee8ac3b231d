import { EditPolicyDraftDocument } from '../../gql/documents'
import { type No, useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { say } from '../../ui/toast'
import { type Document, faultIn } from './policy'
import type { Shown } from './usePolicies'

/** The lines that the server names are those of what was sent, which nobody has seen: the path says enough. */
const withoutLines = (no: No | null): No | null =>
  no && {
    ...no,
    details: no.details.map((detail) => {
      const { path, sentence } = faultIn(detail)
      return path ? `${path}: ${sentence}` : sentence
    }),
  }

/** Writes a draft that was changed in the tables. JSON is YAML: the server reads it, and writes the file anew. */
export function useDraft(policy: Shown) {
  const { act, busy, no } = useAct(EditPolicyDraftDocument)
  const seen = useSeenRevision(policy.revision, no)
  const save = async (document: Document): Promise<boolean> => {
    const saved = await act({ yaml: JSON.stringify(document, null, 1), expectedRevision: seen })
    if (saved) say(`The draft of version ${policy.version} is saved.`)
    return saved !== null
  }
  return { save, busy, no: withoutLines(no) }
}
