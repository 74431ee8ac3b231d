import { useId, useRef } from 'react'
import { Glyph } from '../../ui/Glyph'
import { plural } from '../../ui/numbers'
import { lineCount, lineRange } from './lines'

export type CodeFault = { line: number | null; path: string; sentence: string }
type Props = {
  label: string
  text: string
  onChange: (text: string) => void
  faults: readonly CodeFault[]
  readOnly?: boolean
}

const LINE = 20

/** A plain text area for a file, with line numbers; each fault names its line, and pressing it goes there. */
export function CodeArea({ label, text, onChange, faults, readOnly }: Props) {
  const id = useId()
  const area = useRef<HTMLTextAreaElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const faulty = new Set(faults.map((fault) => fault.line))
  const lines = lineCount(text)
  const goTo = (line: number) => {
    area.current?.focus({ preventScroll: true })
    area.current?.setSelectionRange(...lineRange(text, line))
    frame.current?.scrollTo({ top: Math.max(0, (line - 4) * LINE) })
  }
  return (
    <div className="code-edit">
      <label className="sr" htmlFor={id}>
        {label}
      </label>
      <div className="code-frame" ref={frame}>
        <ol className="code-lines num" aria-hidden="true">
          {Array.from({ length: lines }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            <li key={index} className={faulty.has(index + 1) ? 'bad' : undefined}>
              {index + 1}
            </li>
          ))}
        </ol>
        <textarea
          id={id}
          ref={area}
          value={text}
          readOnly={readOnly}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          wrap="off"
          style={{ height: lines * LINE + 16 }}
          aria-invalid={faults.length > 0 || undefined}
          aria-describedby={faults.length > 0 ? `${id}-faults` : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      {faults.length > 0 && (
        <div className="code-faults" id={`${id}-faults`} role="alert">
          <p>
            <Glyph name="off" /> {plural(faults.length, 'fault')} to mend before it can be proposed
          </p>
          <ul>
            {faults.map((fault) => (
              <li key={`${fault.line} ${fault.path} ${fault.sentence}`}>
                {fault.line === null ? (
                  <span className="k">file</span>
                ) : (
                  <button type="button" className="lk num" onClick={() => goTo(fault.line ?? 1)}>
                    Line {fault.line}
                  </button>
                )}
                <span>
                  {fault.path && <code>{fault.path}</code>} {fault.sentence}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
