import './questions.css'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useOrganization } from '../../app/session'
import { AnswerQuestionDocument, AskQuestionDocument, type QuestionRowFragment } from '../../gql/documents'
import { type No, useAct } from '../../gql/useAct'
import { instant } from '../../ui/dates'
import { AreaField, required } from '../../ui/fields'
import { Avatar, Refused } from '../../ui/parts'
import { say } from '../../ui/toast'
import { ActButton, type Permission } from '../../ui/Why'

type FormProps = {
  label: string
  submit: string
  send: (words: string) => Promise<boolean>
  busy: boolean
  no: No | null
  onClose: () => void
}

/** A few words in place: below the question, or below them all. */
function Words({ label, submit, send, busy, no, onClose }: FormProps) {
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!busy && (await send(required(new FormData(event.currentTarget), 'words')))) onClose()
  }
  return (
    <form className="words" onSubmit={onSubmit}>
      <AreaField label={label} name="words" required autoFocus />
      <Refused no={no} />
      <div className="acts">
        <button type="submit" className="btn" aria-disabled={busy || undefined}>
          {busy ? 'Sending…' : submit}
        </button>
        <button type="button" className="btn quiet" onClick={onClose}>
          Back
        </button>
      </div>
    </form>
  )
}

function Said({ by, at, children }: { by: { name: string }; at: string; children: ReactNode }) {
  const { timeZone } = useOrganization()
  return (
    <div className="saying">
      <Avatar name={by.name} />
      <p>
        {children}
        <small>
          {by.name}, {instant(at, timeZone)}
        </small>
      </p>
    </div>
  )
}

function Question({ question }: { question: QuestionRowFragment }) {
  const { act, busy, no, forget } = useAct(AnswerQuestionDocument)
  const [open, setOpen] = useState(false)
  const send = async (words: string) => {
    const done = await act({ question: question.id, text: words, expectedRevision: question.revision })
    if (done) say('Answered.')
    return done !== null
  }
  const close = () => {
    forget()
    setOpen(false)
  }
  return (
    <li data-testid="question">
      <Said by={question.askedBy} at={question.askedAt}>
        {question.text}
      </Said>
      {question.answeredBy && question.answeredAt && question.answer ? (
        <Said by={question.answeredBy} at={question.answeredAt}>
          {question.answer}
        </Said>
      ) : open ? (
        <Words label="Answer" submit="Answer" send={send} busy={busy} no={no} onClose={close} />
      ) : (
        <div className="acts">
          <small className="k">not yet answered</small>
          <ActButton acts={question.acts} act="answerQuestion" className="btn small" onClick={() => setOpen(true)}>
            Answer
          </ActButton>
        </div>
      )}
    </li>
  )
}

/** What deciders want to know and what was answered: both stay with the submission. */
export function Questions({
  submission,
  questions,
  acts,
}: {
  submission: string
  questions: readonly QuestionRowFragment[]
  acts: readonly Permission[]
}) {
  const { act, busy, no, forget } = useAct(AskQuestionDocument)
  const [open, setOpen] = useState(false)
  const send = async (words: string) => {
    const done = await act({ submission, text: words })
    if (done) say('Asked.')
    return done !== null
  }
  const close = () => {
    forget()
    setOpen(false)
  }
  return (
    <>
      {questions.length > 0 && (
        <ul className="questions">
          {questions.map((question) => (
            <Question key={question.id} question={question} />
          ))}
        </ul>
      )}
      {open ? (
        <Words label="Question" submit="Ask" send={send} busy={busy} no={no} onClose={close} />
      ) : (
        <ActButton acts={acts} act="askQuestion" className="btn small" onClick={() => setOpen(true)}>
          Ask a question
        </ActButton>
      )}
    </>
  )
}
