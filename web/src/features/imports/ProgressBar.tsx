import type { ImportPhase } from '../../gql/documents'
import type { Progress } from './useProgress'

const title: Record<ImportPhase, string> = {
  WAITING: 'Sending the files',
  READING: 'Reading',
  CHECKING: 'Checking',
  WRITING: 'Writing',
  DONE: 'Done',
  REFUSED: 'Refused',
  BROKEN_OFF: 'Broken off',
}

/** The server knows nothing of it before the last byte is there. */
const SENDING = 'The files are on their way to the server.'

/** How far a file has come on its way in: the phase, a bar, and the numbers in words. */
export function ProgressBar({ progress }: { progress: Progress | null }) {
  const phase = progress?.phase ?? 'WAITING'
  const counted = (phase === 'READING' || phase === 'WRITING') && progress?.total
  const sentence = phase === 'WAITING' ? SENDING : progress?.sentence
  return (
    <div className="progress">
      <b role="status">{title[phase]}</b>
      <progress
        aria-label="How far the import has come"
        aria-valuetext={sentence}
        {...(counted ? { value: Math.min(progress.done, counted), max: counted } : {})}
      />
      <span className="num">{sentence?.replace(`${title[phase]}: `, '')}</span>
    </div>
  )
}
