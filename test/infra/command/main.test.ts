/** `consent-ledger` as a process whose output nobody takes, or for which there is no room. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'

const main = join(import.meta.dirname, '../../../infra/command/main.ts')

it('a closed pipe changes no exit code, and is not complained of', async () => {
  const child = spawn(process.execPath, [main, 'ask', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  const [complaints, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  expect([code, complaints]).toEqual([0, ''])
})

it.runIf(existsSync('/dev/full'))('a full disk is a failure', async () => {
  const full = await open('/dev/full', 'w')
  const child = spawn(process.execPath, [main, 'ask', '--help'], { stdio: ['ignore', full.fd, 'ignore'] })
  const [code] = await once(child, 'exit')
  await full.close()
  expect(code).toBe(1)
})
