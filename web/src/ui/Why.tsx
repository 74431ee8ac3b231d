import { type ButtonHTMLAttributes, type ReactNode, useId } from 'react'
import { Pop } from './Pop'

export type Permission = { act: string; allowed: boolean; why: string | null }

/** What the server says about an act; `undefined` when it does not offer the act on this thing at all. */
export const permission = (acts: readonly Permission[], act: string): Permission | undefined =>
  acts.find((one) => one.act === act)

type Props = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> & {
  acts: readonly Permission[]
  act: string
  children: ReactNode
}

/**
 * A button for an act. When the server says no it stays reachable by keyboard, cannot be pressed, and says why on
 * hover, on focus and to screen readers. An act the server does not offer here has no button.
 */
export function ActButton({ acts, act, children, className = 'btn', onClick, ...rest }: Props) {
  const id = useId()
  const answer = permission(acts, act)
  if (!answer) return null
  if (answer.allowed) {
    return (
      <button type="button" className={className} onClick={onClick} {...rest}>
        {children}
      </button>
    )
  }
  return (
    <span className="why-wrap">
      <button type="button" className={className} aria-disabled="true" aria-describedby={id} {...rest}>
        {children}
      </button>
      <span className="why-tip" id={id} role="tooltip">
        {answer.why ?? 'Not open to you here.'}
      </span>
    </span>
  )
}

type Item = { act: string; label: ReactNode; onChoose: () => void }
type MenuProps = {
  acts: readonly Permission[]
  items: readonly Item[]
  label: ReactNode
  name?: string
  className?: string
  left?: boolean
}

/** Several acts behind one button. Those that are closed stay in the list, each with its reason. */
export function ActMenu({ acts, items, label, name, className, left }: MenuProps) {
  const offered = items.flatMap((item) => {
    const answer = permission(acts, item.act)
    return answer ? [{ ...item, answer }] : []
  })
  if (offered.length === 0) return null
  return (
    <Pop label={label} name={name} className={className} popClass={left ? 'left' : ''}>
      {(close) =>
        offered.map(({ act, label: words, onChoose, answer }) => (
          <button
            key={act}
            type="button"
            aria-disabled={!answer.allowed || undefined}
            onClick={() => {
              if (!answer.allowed) return
              close()
              onChoose()
            }}
          >
            {words}
            {!answer.allowed && <small>{answer.why}</small>}
          </button>
        ))
      }
    </Pop>
  )
}
