import { useCallback, useRef, useState } from 'react'
import type { No } from './useAct'

type Told = { id?: string; errors?: { message: string }[] }

const LOST: No = {
  code: 'UNREACHABLE',
  message: 'The file did not reach the server.',
  details: ['Try again: nothing was recorded.'],
  path: [],
}

/**
 * Sends the file that a form holds, before the act that names it. Resolves to its id, to null where none was chosen, and
 * to undefined where it was refused; the reason is in `no`. The same file is sent once, however often one tries.
 */
export function useUpload(field = 'document') {
  const [busy, setBusy] = useState(false)
  const [no, setNo] = useState<No | null>(null)
  const kept = useRef<{ file: File; id: string } | null>(null)
  const upload = useCallback(
    async (fields: FormData): Promise<string | null | undefined> => {
      const file = fields.get(field)
      setNo(null)
      if (!(file instanceof File) || file.name === '') return null
      const before = kept.current
      if (before && before.file.name === file.name && before.file.lastModified === file.lastModified) return before.id
      setBusy(true)
      try {
        const answer = await fetch(`/files?name=${encodeURIComponent(file.name)}`, {
          method: 'POST',
          headers: { 'X-Stageline': 'web', 'Content-Type': file.type || 'application/octet-stream' },
          body: file,
        })
        const told = (await answer.json()) as Told
        if (!told.id) {
          setNo({ ...LOST, code: 'INVALID', message: told.errors?.[0]?.message ?? LOST.message, details: [] })
          return undefined
        }
        kept.current = { file, id: told.id }
        return told.id
      } catch {
        setNo(LOST)
        return undefined
      } finally {
        setBusy(false)
      }
    },
    [field],
  )
  return { upload, busy, no }
}
