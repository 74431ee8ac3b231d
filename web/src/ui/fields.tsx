/** Form fields: a label, the control, a hint. Values are read from FormData, so nothing here holds state. */
import { type InputHTMLAttributes, type ReactNode, useId } from 'react'

type Common = { label: string; name: string; hint?: ReactNode }

export function TextField({
  label,
  name,
  hint,
  numeric,
  ...rest
}: Common & { numeric?: boolean } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        className={numeric ? 'in n' : 'in'}
        inputMode={numeric ? 'decimal' : undefined}
        autoComplete="off"
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...rest}
      />
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  )
}

export const DateField = (props: Common & InputHTMLAttributes<HTMLInputElement>) => <TextField type="date" {...props} />

export function AreaField({
  label,
  name,
  hint,
  ...rest
}: Common & { defaultValue?: string; required?: boolean; placeholder?: string; autoFocus?: boolean }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea id={id} name={name} aria-describedby={hint ? `${id}-hint` : undefined} {...rest} />
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  )
}

type Choice = { value: string; label: string }

export function SelectField({
  label,
  name,
  hint,
  choices,
  ...rest
}: Common & {
  choices: Choice[]
  defaultValue?: string
  required?: boolean
  onChange?: (value: string) => void
  value?: string
}) {
  const id = useId()
  const { onChange, ...plain } = rest
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        name={name}
        className="in"
        onChange={onChange && ((event) => onChange(event.target.value))}
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...plain}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  )
}

export function CheckField({ label, name, defaultChecked }: { label: string; name: string; defaultChecked?: boolean }) {
  return (
    <label className="check">
      <input type="checkbox" name={name} defaultChecked={defaultChecked} />
      {label}
    </label>
  )
}

/** The text of a field, or null when it was left empty. */
export const text = (fields: FormData, name: string): string | null => String(fields.get(name) ?? '').trim() || null

/** The text of a field that the form requires. */
export const required = (fields: FormData, name: string): string => String(fields.get(name) ?? '').trim()
