/** Compiles the Go programs once, before any suite starts, and tells the suites where they are. */
import type { TestProject } from 'vitest/node'
import { installTools } from './go-tools.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the compiled programs; empty when there is no Go. */
    readonly goTools: string
  }
}

export default async function provideTools(project: TestProject): Promise<void> {
  const installed = await installTools()
  if (installed.folder === undefined) console.warn(`Everything here is skipped: ${installed.missing}`)
  project.provide('goTools', installed.folder ?? '')
}
