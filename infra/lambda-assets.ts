/** Where the bundled functions are: beside this file's folder, in the source tree as in the built package. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Code } from 'aws-cdk-lib/aws-lambda'
import type { LambdaName } from './lambda-names.ts'

export function codeOf(name: LambdaName): Code {
  const folder = fileURLToPath(new URL(`../dist/lambda/${name}`, import.meta.url))
  if (!existsSync(folder)) throw new Error(`the function "${name}" is not bundled; npm run build does it`)
  return Code.fromAsset(folder)
}
