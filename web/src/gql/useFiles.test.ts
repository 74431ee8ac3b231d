import { describe, expect, it } from 'vitest'
import { multipart } from './useFiles'

describe('a request that carries files', () => {
  it('says which file stands where', () => {
    const files = { 'input.files.0': new File(['a'], 'a.csv'), 'input.files.1': new File(['b'], 'b.csv') }
    const body = multipart('mutation { x }', { input: { files: [null, null] } }, files)
    expect(JSON.parse(String(body.get('operations'))).variables.input).toEqual({ files: [null, null] })
    expect(JSON.parse(String(body.get('map')))).toEqual({
      0: ['variables.input.files.0'],
      1: ['variables.input.files.1'],
    })
    expect((body.get('1') as File).name).toBe('b.csv')
  })
})
