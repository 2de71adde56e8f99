/** Builds what the ledger serves to browsers, once for all suites. */
import { bundleConsole } from '../../infra/bundle/console.ts'
import { bundleReference } from '../../infra/bundle/reference.ts'

export async function setup(): Promise<void> {
  await Promise.all([bundleConsole(), bundleReference()])
}
