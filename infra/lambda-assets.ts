/** Finds the code of a bundled Lambda function: beside the built package's `cdk.mjs`, or in `dist/lambda` of this repository. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Code } from 'aws-cdk-lib/aws-lambda'
import type { LambdaName } from './lambda-names.ts'

export function codeOf(name: LambdaName): Code {
  const places = [`lambda/${name}`, `../dist/lambda/${name}`].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  )
  const folder = places.find(existsSync)
  if (folder === undefined) throw new Error(`the function "${name}" is not bundled; npm run build does it`)
  return Code.fromAsset(folder)
}
