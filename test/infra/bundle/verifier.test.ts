/** What is built: a command that runs by itself, and a library that needs nothing of Node. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundlePackage } from '../../../infra/bundle/package-code.ts'
import { at, logVkey, makeProof, ownVkey, plainStory } from '../../shared/verify/maker.ts'

const run = promisify(execFile)
const proof = JSON.stringify(makeProof(plainStory(), { purposeId: 'newsletter', at: at(6000), knownAt: at(6000) }))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consent-bundles-'))
  await writeFile(join(folder, 'proof.json'), proof)
  await bundlePackage('verify', folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('the command verifies, with nothing around it and no network in its way', async () => {
  const argv = [join(folder, 'consent-ledger.mjs'), 'verify', join(folder, 'proof.json'), '--key', logVkey]
  const withoutNetwork = `data:text/javascript,globalThis.fetch=()=>{throw new Error('network')}`
  const { stdout, stderr } = await run(process.execPath, ['--import', withoutNetwork, ...argv], {
    cwd: folder,
    env: {},
  })
  expect(stdout).toContain('VALID')
  expect(stderr).toBe('')
})

it('the library has nothing of Node in it', async () => {
  const code = await readFile(join(folder, 'verify.mjs'), 'utf8')
  expect(code).not.toMatch(/from\s*["'][^."']|\brequire\(|["']node:|\bprocess\.|\bBuffer\b/)
  const library: typeof import('../../../shared/verify/verify.ts') = await import(join(folder, 'verify.mjs'))
  const policy = library.policyOfKeys([logVkey, ownVkey])
  expect(await library.verifyFile(proof, policy)).toMatchObject({ verdict: 'valid' })
  expect(await library.verifyFile(proof.replace('Withdrawn', 'Given'), policy)).toMatchObject({ verdict: 'invalid' })
})
