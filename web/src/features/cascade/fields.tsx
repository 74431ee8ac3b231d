import { AreaField, DateField, TextField, text } from '../../ui/fields'
import { typedDecimal } from '../../ui/numbers'

/** What was typed as a number; text that is none goes to the server as it is, whose refusal names the field. */
export const decimal = (fields: FormData, name: string): string | null => {
  const typed = text(fields, name)
  return typed === null ? null : (typedDecimal(typed) ?? typed)
}

/** What only an objective has. */
export function ObjectiveFields({
  values,
}: {
  values?: { hypothesis: string | null; metric: string | null; target: string | null; targetDate: string | null }
}) {
  return (
    <>
      <AreaField
        label="Hypothesis"
        name="hypothesis"
        defaultValue={values?.hypothesis ?? ''}
        hint="What the board believes, so that it can turn out wrong."
      />
      <div className="three">
        <TextField label="Metric" name="metric" defaultValue={values?.metric ?? ''} />
        <TextField label="Target" name="target" numeric defaultValue={values?.target ?? ''} />
        <DateField label="By" name="targetDate" defaultValue={values?.targetDate ?? ''} />
      </div>
    </>
  )
}
