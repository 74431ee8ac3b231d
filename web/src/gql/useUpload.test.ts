import { act, renderHook } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useUpload } from './useUpload'

const answering = (status: number, body: unknown) => {
  const fetched = vi.fn<typeof fetch>(async () => new Response(JSON.stringify(body), { status }))
  vi.stubGlobal('fetch', fetched)
  return fetched
}
const form = (file?: File) => {
  const fields = new FormData()
  fields.set('document', file ?? new File([], ''))
  return fields
}
const REPORT = new File(['reading'], 'Report 118.pdf', { type: 'application/pdf', lastModified: 1 })

describe('a document that a form holds', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('is sent once with its name, however often one tries', async () => {
    const fetched = answering(201, { id: 'f1' })
    const { result } = renderHook(() => useUpload())
    expect(await act(() => result.current.upload(form(REPORT)))).toBe('f1')
    expect(await act(() => result.current.upload(form(REPORT)))).toBe('f1')
    expect(fetched.mock.calls.map(([address]) => address)).toEqual(['/files?name=Report%20118.pdf'])
  })

  it('is nothing where none was chosen', async () => {
    const fetched = answering(201, { id: 'f1' })
    const { result } = renderHook(() => useUpload())
    expect(await act(() => result.current.upload(form()))).toBeNull()
    expect(fetched).not.toHaveBeenCalled()
  })

  it('is refused in the words of the server', async () => {
    answering(413, { errors: [{ message: 'The file is larger than 64 MiB.' }] })
    const { result } = renderHook(() => useUpload())
    expect(await act(() => result.current.upload(form(REPORT)))).toBeUndefined()
    expect(result.current.no?.message).toBe('The file is larger than 64 MiB.')
  })
})
