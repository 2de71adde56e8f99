/** A CDK app whose folder is removed after the test: CDK makes one for every app, synthesised or not. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, type AppProps } from 'aws-cdk-lib'
import { onTestFinished } from 'vitest'

/** Only within a test. */
export function freshApp(props: AppProps = {}): App {
  const outdir = mkdtempSync(join(tmpdir(), 'app-'))
  onTestFinished(() => rmSync(outdir, { recursive: true }))
  return new App({ ...props, outdir })
}
