import { type ReactNode, useCallback, useEffect, useId, useRef, useState } from 'react'

type Props = {
  label: ReactNode
  name?: string
  className?: string
  popClass?: string
  popRole?: 'dialog' | 'menu'
  children: (close: () => void) => ReactNode
  onOpen?: () => void
}

/** A button that opens something small beside it. Escape, a press outside and losing focus close it again. */
export function Pop({ label, name, className = 'btn', popClass = '', popRole, children, onOpen }: Props) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLSpanElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  const close = useCallback(() => setOpen(false), [])

  useEffect(() => {
    if (!open) return
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      setOpen(false)
      button.current?.focus()
    }
    document.addEventListener('pointerdown', outside)
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('pointerdown', outside)
      document.removeEventListener('keydown', onKey)
    }
  }, [open])

  return (
    <span className="pop-wrap" ref={root}>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={name}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => {
          if (!open) onOpen?.()
          setOpen(!open)
        }}
      >
        {label}
      </button>
      {open && (
        <div id={id} className={`pop ${popClass}`} {...(popRole && { role: popRole, 'aria-label': name })}>
          {children(close)}
        </div>
      )}
    </span>
  )
}
