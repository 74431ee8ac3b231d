/**
 * Writes src/gql/documents.ts and src/gql/possible-types.ts from the printed schema and every .graphql file of the
 * screens: one typed document per operation, so that a screen that asks for a field the server does not have fails
 * here and not in front of a user. Both files are made anew on every build and are not committed.
 *
 *     node codegen.mjs [schema.graphql]
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { codegen } from '@graphql-codegen/core'
import * as typedDocumentNode from '@graphql-codegen/typed-document-node'
import * as operations from '@graphql-codegen/typescript-operations'
import { buildSchema, isAbstractType, parse, Source } from 'graphql'

const here = fileURLToPath(new URL('.', import.meta.url))
const schemaPath = process.argv[2] ?? `${here}../server/schema/schema.graphql`
const schema = buildSchema(readFileSync(schemaPath, 'utf8'))

const documents = readdirSync(`${here}src`, { recursive: true })
  .filter((path) => path.endsWith('.graphql'))
  .sort()
  .map((path) => ({
    location: path,
    document: parse(new Source(readFileSync(`${here}src/${path}`, 'utf8'), path)),
  }))

const text = await codegen({
  filename: 'documents.ts',
  schema: parse(readFileSync(schemaPath, 'utf8')),
  schemaAst: schema,
  documents,
  config: {
    useTypeImports: true,
    defaultScalarType: 'string',
    enumType: 'string-literal',
    dedupeFragments: true,
    avoidOptionals: false,
    scalars: { ID: 'string', Upload: 'File' },
  },
  pluginMap: { operations, typedDocumentNode },
  plugins: [{ operations: {} }, { typedDocumentNode: {} }],
})

const possibleTypes = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter((type) => isAbstractType(type) && !type.name.startsWith('__'))
    .map((type) => [type.name, schema.getPossibleTypes(type).map((possible) => possible.name)]),
)

const note = '// Made by codegen.mjs. Do not edit.\n'
writeFileSync(`${here}src/gql/documents.ts`, note + text)
writeFileSync(
  `${here}src/gql/possible-types.ts`,
  `${note}export const possibleTypes: Record<string, string[]> = ${JSON.stringify(possibleTypes, null, 2)}\n`,
)
