import { useRef, useState } from 'react'
import { EditPolicyDraftDocument } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { Icon } from '../../ui/Icon'
import { Refused } from '../../ui/parts'
import { say } from '../../ui/toast'
import { ActButton, type Permission, permission } from '../../ui/Why'
import { CodeArea } from './CodeArea'
import { faultIn } from './policy'
import type { Shown } from './usePolicies'

/** Hands a text to the browser as a file to keep. */
function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}

function UploadButton({ onText }: { onText: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml,application/yaml,text/yaml"
        aria-label="A policy file to load into the editor"
        hidden
        onChange={async (event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) onText(await file.text())
        }}
      />
      <button type="button" className="btn" onClick={() => input.current?.click()}>
        Load a file
      </button>
    </>
  )
}

/** The policy as the file that it is: to read and keep, and while it is a draft to write. */
export function PolicyFile({ policy, acts }: { policy: Shown; acts: readonly Permission[] }) {
  const { act, busy, no, forget } = useAct(EditPolicyDraftDocument)
  const [text, setText] = useState<string | null>(null)
  const [base, setBase] = useState(policy.revision)
  const writable = policy.state === 'DRAFT' && permission(acts, 'editPolicyDraft')?.allowed === true
  const dirty = text !== null && text !== policy.yaml
  const told = (no?.details ?? []).map(faultIn).filter((fault) => fault.line !== null)
  const write = (next: string) => {
    if (text === null) setBase(policy.revision)
    setText(next)
  }
  const reset = () => {
    setText(null)
    setBase(policy.revision)
    forget()
  }
  const save = async () => {
    const saved = await act({ yaml: text ?? policy.yaml, expectedRevision: base })
    if (!saved) return
    say(`The draft of version ${policy.version} is saved.`)
    setText(null)
  }
  return (
    <section className="card" aria-label="Policy file">
      <header className="file-head">
        <h2>{`policy-v${policy.version}.yaml`}</h2>
        <span className="k">{writable ? (dirty ? 'changed, not saved' : 'saved') : 'to read'}</span>
        <span className="grow" />
        <div className="acts">
          {writable && <UploadButton onText={write} />}
          <button
            type="button"
            className="btn"
            onClick={() => download(`policy-v${policy.version}.yaml`, text ?? policy.yaml)}
          >
            <Icon name="file" />
            Download
          </button>
          {dirty && (
            <button type="button" className="btn" onClick={reset}>
              Undo changes
            </button>
          )}
          {policy.state === 'DRAFT' && (
            <ActButton
              acts={acts}
              act="editPolicyDraft"
              className={dirty ? 'btn primary' : 'btn'}
              aria-disabled={busy || !dirty || undefined}
              onClick={() => dirty && !busy && void save()}
            >
              {busy ? 'Saving…' : 'Save draft'}
            </ActButton>
          )}
        </div>
      </header>
      {no && told.length === 0 && (
        <div className="pad">
          <Refused
            no={no}
            retry={
              no.code === 'STALE' && (
                <div className="acts">
                  <button type="button" className="btn" onClick={reset}>
                    Drop mine, show theirs
                  </button>
                  <button
                    type="button"
                    className="btn"
                    onClick={() => {
                      setBase(policy.revision)
                      forget()
                    }}
                  >
                    Keep mine, to save it over theirs
                  </button>
                </div>
              )
            }
          />
        </div>
      )}
      <CodeArea
        label="Policy file"
        text={text ?? policy.yaml}
        onChange={write}
        readOnly={!writable}
        faults={told.length > 0 ? told : dirty ? [] : (policy.faults ?? [])}
      />
    </section>
  )
}
