import { type FormEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef } from 'react'
import type { No } from '../gql/useAct'
import { CloseButton, Refused } from './parts'

type Props = { title: string; onClose: () => void; children: ReactNode; wide?: boolean; className?: string }

/** A modal dialog. The browser's own element brings the focus trap, Escape and the inert page behind it. */
export function Dialog({ title, onClose, children, wide, className = '' }: Props) {
  const element = useRef<HTMLDialogElement>(null)
  const id = useId()
  // Before the paint, so that what is typed at once after opening lands in the dialog.
  useLayoutEffect(() => {
    const dialog = element.current
    if (dialog && !dialog.open) dialog.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      className={`${wide ? 'wide' : ''} ${className}`.trim()}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <span className="sr" id={id}>
        {title}
      </span>
      {children}
    </dialog>
  )
}

type FormProps = {
  title: string
  /** The words on the button that does it: a verb and its object. */
  submit: string
  onClose: () => void
  onSubmit: (fields: FormData) => void | Promise<void>
  busy: boolean
  no: No | null
  children: ReactNode
  wide?: boolean
  note?: ReactNode
}

/** A dialog that does one act: its fields, the server's no in its own words, and one primary button. */
export function ActDialog({ title, submit, onClose, onSubmit, busy, no, children, wide, note }: FormProps) {
  const body = useRef<HTMLDivElement>(null)
  // In a long form the no stands below the fold.
  useEffect(() => {
    if (no && body.current) body.current.scrollTop = body.current.scrollHeight
  }, [no])
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!busy) void onSubmit(new FormData(event.currentTarget))
  }
  return (
    <Dialog title={title} onClose={onClose} wide={wide}>
      <form onSubmit={send}>
        <div className="dlg-h">
          <h2>{title}</h2>
          <CloseButton onClick={onClose} />
        </div>
        <div className="dlg-b" ref={body}>
          {children}
          <Refused no={no} />
        </div>
        <div className="dlg-f">
          {note && <small className="k grow">{note}</small>}
          <button type="button" className="btn" onClick={onClose}>
            Back
          </button>
          <button type="submit" className="btn primary" aria-disabled={busy || undefined}>
            {busy ? 'Saving…' : submit}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
