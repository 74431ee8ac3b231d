import { useEffect, useSyncExternalStore } from 'react'

/** Short news of what one has just done, said aloud to screen readers and gone after a while. */
type Toast = { id: number; text: string }

let toasts: readonly Toast[] = []
let last = 0
const listeners = new Set<() => void>()

function change(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

export function say(text: string): void {
  last += 1
  change([...toasts.slice(-2), { id: last, text }])
}

const dismiss = (id: number): void => change(toasts.filter((toast) => toast.id !== id))

function One({ toast }: { toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(toast.id), 6_000)
    return () => clearTimeout(timer)
  }, [toast.id])
  return (
    <p className="toast">
      {toast.text}
      <button type="button" aria-label="Dismiss" onClick={() => dismiss(toast.id)}>
        ×
      </button>
    </p>
  )
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  return (
    <div className="toasts" role="status">
      {shown.map((toast) => (
        <One key={toast.id} toast={toast} />
      ))}
    </div>
  )
}
