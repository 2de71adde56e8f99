/**
 * The whole ledger over its bundles, on an engine: what `npm test` runs on Dynoxide and `npm run test:dynamodb-local` on AWS's own.
 * Each step is an event as AWS sends it, answered by a function that has nothing around it; the steps build on each other.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deviceIdentity } from '../../../functions/http/access.ts'
import { openApiDocument } from '../../../functions/http/openapi.ts'
import { consoleFiles } from '../../../infra/bundle/console.ts'
import { bundleLambdas } from '../../../infra/bundle/lambda-bundles.ts'
import { referenceFiles } from '../../../infra/bundle/reference.ts'
import { lambdaNames } from '../../../infra/lambda-names.ts'
import type { Engine } from '../../../infra/local/engine/process.ts'
import { parseCheckpoint } from '../../../shared/tlog/checkpoint.ts'
import { leafHash } from '../../../shared/tlog/merkle.ts'
import { parseNote } from '../../../shared/tlog/note.ts'
import { parsePolicy, verifyFile } from '../../../shared/verify/verify.ts'
import { purpose } from '../../shared/consent/scenario.ts'
import { apiEvent, userAgent, viewerAddress } from '../../support/api-event.ts'
import { type BundledLedger, type FoundedLedger, found, openBundledLedger } from '../../support/bundled-ledger.ts'
import { claimsIn } from '../../support/demo-calls.ts'
import { metricsIn } from '../../support/emf.ts'
import { giveUp } from '../../support/failed-delivery.ts'
import { controllerDraft, versionDraft } from '../../support/memory-ledger.ts'
import { bySchedule } from '../../support/scheduled-run.ts'
import { isEvent } from '../../support/stored-items.ts'
import { allowedFields } from './log-fields.ts'
import { transfersOnEngine } from './transfers-on-engine.ts'

const { controller: _id, ...controllerFacts } = controllerDraft
const { policyId: _policyId, ...version } = versionDraft({
  summary: { en: 'The first one' },
  purposes: [purpose(), purpose({ purposeId: 'letters', doubleOptIn: true })],
})

export function bundlesOnEngine(name: string, startEngine: () => Promise<Engine>): void {
  describe(`the bundles on ${name}`, () => {
    let engine: Engine
    let ledger: BundledLedger
    let acme: FoundedLedger
    const secret = randomBytes(18).toString('base64url')
    const path = { controller: 'acme' }
    let letterToken = ''

    beforeAll(async () => {
      const [bundles, started] = await Promise.all([bundleLambdas(), startEngine()])
      engine = started
      ledger = await openBundledLedger(bundles, engine)
    })
    afterAll(async () => {
      await ledger?.close()
      await engine?.stop()
    })

    const bearer = async (scope: string) => ({ authorization: `Bearer ${await ledger.token(acme.audience, scope)}` })
    const noteOf = async () => parseNote(await ledger.call('log', 'getCheckpoint', { path }))
    const logged = async () => parseCheckpoint((await noteOf()).text).size
    const certificates = () => [...ledger.s3.stored.keys()].filter((each) => each.startsWith('certificates/'))

    async function record(verb: string, more: { readonly noticeToken?: string } = {}) {
      const body = {
        eventId: randomUUID(),
        occurredAt: new Date().toISOString(),
        sentAt: new Date().toISOString(),
        subject: { deviceSecret: secret },
        decisions: [{ purposeId: 'newsletter', verb }],
        channel: 'web',
        surface: 'banner',
        act: 'button',
        signals: { tcString: 'COtybn4PA_zT4KjACBENAPCIAEBAAECAAIAAAAAAAAAA' },
        ...(more.noticeToken && { shown: [{ noticeToken: more.noticeToken }] }),
      }
      const headers = { origin: 'https://www.acme.example' }
      return ledger.invoke('ingest', apiEvent('recordEvents', { query: { key: acme.siteKey }, headers, body }))
    }

    it('a controller is created, the receipt key certified by the sweep, a site and a version published', async () => {
      acme = await found(ledger, controllerFacts, version)
      expect(certificates()).toHaveLength(1)
      expect(acme.siteKey).toMatch(/^\S+$/)
    })

    it('until its first entry is sequenced the log is not there, and no sweep fails for it', async () => {
      expect(await ledger.invoke('sweep', bySchedule)).toMatchObject({ result: { outcome: 'done', changes: [] } })
      const { result } = await ledger.invoke('log', apiEvent('getCheckpoint', { path }))
      expect([result.statusCode, JSON.parse(result.body).code]).toEqual([404, 'not-found'])
    })

    it('a notice is served, and an event recorded with a receipt', async () => {
      const notice = await ledger.call('read', 'getNotice', {
        path: { policyId: 'privacy' },
        query: { key: acme.siteKey, locale: 'en' },
        headers: { authorization: `Device ${secret}` },
      })
      expect(notice.text.text).toBe('Privacy, version 1')
      const { result } = await record('given', notice)
      expect(result.statusCode).toBe(201)
      expect(result.headers['access-control-allow-origin']).toBe('https://www.acme.example')
      const receipt = JSON.parse(result.body)
      expect(receipt).toMatchObject({ schemaVersion: 'consent-receipt@1' })
      expect(claimsIn(receipt.disclosures).get('field:how').tcf).toMatchObject({ verdict: 'valid', cmpId: 675 })
      const policy = parsePolicy(await ledger.call('log', 'getLogPolicy', { path }))
      const { verdict, failed } = await verifyFile(result.body, policy)
      expect([verdict, failed]).toEqual(['valid', undefined])
      const { consents } = await ledger.call('read', 'getOwnConsents', {
        query: { key: acme.siteKey },
        headers: { authorization: `Device ${secret}` },
      })
      expect(JSON.stringify(consents)).toContain('"status":"Given"')
    })

    it('the stream of the table is sequenced, and found done when it comes again', async () => {
      const event = await ledger.announced()
      expect(await ledger.invoke('sequence', event)).toMatchObject({ result: { batchItemFailures: [] } })
      const size = await logged()
      expect(size).toBeGreaterThan(3)
      expect(await ledger.invoke('sequence', event)).toMatchObject({ result: { batchItemFailures: [] } })
      expect(await logged()).toBe(size)
    })

    it('the log is served: checkpoint, tile, policy, and entry bundles to auditors', async () => {
      const size = await logged()
      const tile = await ledger.invoke('log', apiEvent('getTile', { path: { ...path, tile: `0/000.p/${size}` } }))
      expect(tile.result).toMatchObject({ statusCode: 200, isBase64Encoded: true })
      expect(Buffer.from(tile.result.body, 'base64')).toHaveLength(size * 32)
      const hashes = Buffer.from(tile.result.body, 'base64').toString('hex')
      const leaves = (await ledger.entries()).filter(isEvent).map(({ values }) => String(values.leaf))
      for (const leaf of leaves) expect(hashes).toContain(Buffer.from(leafHash(Buffer.from(leaf))).toString('hex'))
      const entries = { path: { ...path, tile: `entries/000.p/${size}` } }
      expect((await ledger.invoke('log', apiEvent('getTile', entries))).result.statusCode).toBe(401)
      const asked = apiEvent('getTile', { ...entries, headers: await bearer('consent.audit') })
      expect((await ledger.invoke('log', asked)).result.statusCode).toBe(200)
      const { checkpoints } = await ledger.call('log', 'listCheckpoints', { path })
      expect(checkpoints.at(-1).size).toBe(size)
    })

    it('a proof verifies with the policy that the log serves', async () => {
      const body = { controller: 'acme', subject: deviceIdentity(secret), purposeId: 'newsletter' }
      const headers = await bearer('consent.audit')
      const proof = await ledger.call('audit', 'askProof', { headers, body })
      const policy = parsePolicy(await ledger.call('log', 'getLogPolicy', { path }))
      const { verdict, failed, answer } = await verifyFile(JSON.stringify(proof), policy)
      expect([verdict, failed, answer?.status.status]).toEqual(['valid', undefined, 'Given'])
      const consents = await ledger.call('audit', 'askConsents', { headers, body })
      expect(JSON.stringify(consents)).toContain('"status":"Given"')
    })

    it('what the stream could not deliver is redriven from the record of the failure', async () => {
      expect((await record('withdrawn')).result.statusCode).toBe(201)
      // A proof does not wait for the log here: it names what is pending and says when to ask again.
      const body = { controller: 'acme', subject: deviceIdentity(secret), purposeId: 'newsletter' }
      const asked = apiEvent('askProof', { headers: await bearer('consent.audit'), body })
      const { result: proof } = await ledger.invoke('audit', asked)
      expect([proof.statusCode, proof.headers['retry-after'], proof.headers['content-encoding']]).toEqual([
        200,
        '5',
        undefined,
      ])
      expect(JSON.parse(proof.body).pending).toHaveLength(1)
      const failure = giveUp(ledger.s3, await ledger.announced())
      const size = await logged()
      expect(await ledger.invoke('redrive', failure)).toMatchObject({
        result: { startedBy: 'failure', outcome: 'done', changes: [{ change: 'entries-sequenced' }, {}] },
      })
      expect(await logged()).toBeGreaterThan(size)
      const receipts = await ledger.call('ingest', 'getOwnReceipts', {
        query: { key: acme.siteKey },
        headers: { authorization: `Device ${secret}` },
      })
      const proofs = receipts.receipts.map(({ tlogProof }: { tlogProof?: string }) => tlogProof !== undefined)
      expect(proofs).toEqual([true, true])
    })

    it('a subject is erased, and its erasure gets a place when the day is over', async () => {
      const body = { controller: 'acme', subject: deviceIdentity(secret), ground: 'data-subject-request' }
      const headers = await bearer('consent.erase')
      expect(await ledger.call('erase', 'eraseSubject', { headers, body })).toMatchObject({
        outcome: 'erased',
        events: 2,
      })
      await ledger.announced()
      const size = await logged()
      const changes = [
        { change: 'entries-sequenced', count: 1, controller: 'acme' },
        { change: 'logs-published', count: 1, controller: 'acme' },
      ]
      const stored = [...ledger.s3.stored.keys()]
      expect(await ledger.invoke('release', { dryRun: true })).toMatchObject({ result: { dryRun: true, changes } })
      expect(await ledger.invoke('retain', { dryRun: true })).toMatchObject({ result: { dryRun: true, changes: [] } })
      expect([[...ledger.s3.stored.keys()], await logged()]).toEqual([stored, size])
      expect(await ledger.invoke('release', { dryrun: true })).toMatchObject({ error: { code: 'invalid-request' } })
      expect(await ledger.invoke('release', bySchedule)).toMatchObject({ result: { startedBy: 'schedule', changes } })
      expect(await ledger.invoke('retain', {})).toMatchObject({ result: { startedBy: 'command', changes: [] } })
      const kept = [...ledger.s3.stored.keys()].filter((name) => name.startsWith('operations/'))
      expect(kept.filter((name) => /^operations\/re/.test(name)).map((name) => name.split('/')[1])).toEqual([
        'redrive',
        'release',
        'retain',
      ])
      expect(await logged()).toBe(size + 1)
      const own = { query: { key: acme.siteKey }, headers: { authorization: `Device ${secret}` } }
      const { consents } = await ledger.call('read', 'getOwnConsents', own)
      expect(JSON.stringify(consents)).not.toContain('"status":"Withdrawn"')
    })

    it('a person unsubscribes by the link in a letter', async () => {
      const subject = { identifier: { type: 'email', id: 'somebody-at-home@example.org' } }
      const request = { query: { key: acme.siteKey }, headers: await bearer('consent.write') }
      const body = { subject, purposes: ['newsletter'] }
      const { url } = await ledger.call('letters', 'mintUnsubscribeLink', { ...request, body })
      expect(url).toMatch(/^https:\/\/ledger\.example\/v1\/unsubscribe\/acme\.[\w-]+$/)
      letterToken = url.split('/').at(-1)
      const page = await ledger.call('letters', 'unsubscribe', {
        path: { token: letterToken },
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'List-Unsubscribe=One-Click',
      })
      expect(page).toContain('You are unsubscribed')
      await ledger.invoke('sequence', await ledger.announced())
    })

    it('two identifiers of a person are linked, and the link ends', async () => {
      const headers = await bearer('consent.write')
      const subjects = ['email', 'customer'].map((type) => ({ type, id: 'somebody-at-home@example.org' }))
      const about = { controller: 'acme', ground: 'one contract' }
      const link = { ...about, subjects, requestId: randomUUID() }
      const { linkId } = await ledger.call('link', 'linkIdentifiers', { headers, body: link }, 201)
      const unlink = { ...about, subject: subjects[1], linkId, requestId: randomUUID() }
      const ended = await ledger.call('link', 'unlinkIdentifiers', { headers, body: unlink }, 201)
      expect(ended).toMatchObject({ linkId, stands: false })
      await ledger.invoke('sequence', await ledger.announced())
    })

    it('a yes that needs a second step is confirmed by the link in a letter from the bus', async () => {
      const request = { query: { key: acme.siteKey }, headers: await bearer('consent.write') }
      const body = {
        eventId: randomUUID(),
        occurredAt: new Date().toISOString(),
        subject: { identifier: { type: 'email', id: 'somebody-at-home@example.org' } },
        decisions: [{ purposeId: 'letters', verb: 'given' }],
      }
      const asked = await ledger.call('letters', 'requestConfirmation', { ...request, body }, 201)
      expect(asked.confirmation.purposes).toEqual(['letters'])
      const [letter] = ledger.letterBus.letters
      expect(letter).toMatchObject({ to: 'somebody-at-home@example.org', expiresAt: asked.confirmation.expiresAt })
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const token = letter?.url.split('/').at(-1) ?? ''
      const page = await ledger.call('letters', 'confirm', { path: { token }, headers, body: 'confirm=yes' })
      expect(page).toContain('Confirmed')
      expect(metricsOf('letters').EntriesStored).toEqual([1, 1, 1])
      await ledger.invoke('sequence', await ledger.announced())
    })

    transfersOnEngine(() => ledger, bearer)

    it('deliveries, statistics and ends of consents end at once where there is nothing to do', async () => {
      for (const name of ['deliver', 'statistics', 'expiry', 'witness'] as const)
        expect(await ledger.invoke(name, bySchedule)).toMatchObject({ result: { outcome: 'done', changes: [] } })
    })

    it('the sweep has nothing to do, and the self-audit nothing to find', async () => {
      expect(await ledger.invoke('sweep', bySchedule)).toMatchObject({ result: { outcome: 'done', changes: [] } })
      expect(await ledger.invoke('self-audit', bySchedule)).toMatchObject({ result: { outcome: 'done', findings: [] } })
      expect(metricsOf('self-audit').AuditFindings).toEqual([0])
      expect(metricsOf('sweep').CheckpointAge?.at(-1)).toBe(0)
      expect(certificates()).toHaveLength(1)
    })

    it('every function has logged what it did, in lines of the allow-list', () => {
      const lines = linesOf()
      // `messages` answers `deliver`, which writes the line.
      const writing = lambdaNames.filter((each) => each !== 'messages')
      expect(new Set(lines.map(({ name: of }) => of))).toEqual(new Set(writing))
      for (const { line } of lines) {
        expect(Object.keys(line).filter((field) => !allowedFields.has(field))).toEqual([])
        expect(line.event).toMatch(/^[a-z-]+$/)
      }
      expect(lines.filter(({ line }) => line.level === 'error')).toEqual([])
      expect(ledger.errors()).toBe('')
      const sum = (values: readonly number[] = []) => values.reduce((a, b) => a + b, 0)
      expect(sum(metricsOf('ingest').EntriesStored)).toBe(2)
      expect(sum(metricsOf('sequence').EntriesSequenced)).toBeGreaterThan(2)
      expect(sum(metricsOf('redrive').EntriesSequenced)).toBeGreaterThan(0)
      expect(sum(metricsOf('log').Refusals)).toBe(2)
    })

    it('and nothing of a person, no credential and no content', async () => {
      const text = ledger
        .lines()
        .map(({ line }) => line)
        .join('\n')
      const identity = deviceIdentity(secret)
      const subs = (await ledger.entries()).filter(isEvent).map(({ pk }) => pk.slice('acme#'.length))
      const words = [secret, identity.id, ...subs, viewerAddress, '203.0.113', userAgent, 'Mozilla', acme.siteKey]
      const contents = [
        'newsletter',
        'privacy',
        'withdrawn',
        'Bearer',
        'eyJ',
        'event#',
        '_sd',
        'somebody-at',
        letterToken,
      ]
      for (const word of [...words, ...contents, 'not-a-secret', 'not-a-session']) expect(text).not.toContain(word)
    })

    it('requests are signed with the credentials of the function', () => {
      // A caller's upload is signed in its URL.
      const stored = ledger.s3.seen.filter(({ query }) => !query.has('X-Amz-Signature'))
      const requests = [...stored, ...ledger.kms.seen, ...ledger.letterBus.seen]
      expect(requests.length).toBeGreaterThan(10)
      for (const { headers } of requests) {
        expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=ASIAEXAMPLEEXAMPLE00\/\d{8}\/eu-north-1\//)
        expect(headers['x-amz-security-token']).toBe('not-a-session')
      }
    })

    it.each([
      ...lambdaNames.map((each) => [each, each === 'messages' ? 'LEDGER_BASE_URL' : 'LEDGER_NAME'] as const),
      ...([
        ['ingest', 'RECEIPT_KEY'],
        ['read', 'VAULT_TABLE'],
        ['log', 'LEDGER_BASE_URL'],
        ['log', 'WITNESS_KEY'],
        ['audit', 'CHECKPOINT_KEY'],
      ] as const),
      ...([
        ['administer', 'LEDGER_ADMINISTRATORS'],
        ['redrive', 'FAILURES_BUCKET'],
        ['sweep', 'RECEIPT_KEY'],
      ] as const),
    ])('%s does not start without %s', async (each, variableName) => {
      const starting = ledger.start(each, [], { [variableName]: '' })
      await expect(starting).rejects.toThrow('deployed without a variable')
    })

    it('the document of the API is the one that the schemas make', async () => {
      expect(await ledger.call('read', 'getOpenApi', {})).toEqual(JSON.parse(JSON.stringify(openApiDocument())))
    })

    it('the console’s files are those that are built', async () => {
      for (const [file, text] of Object.entries(await consoleFiles()))
        expect(await ledger.call('read', 'getConsoleFile', { path: { file } })).toBe(text)
      const config = await ledger.call('read', 'getConsoleFile', { path: { file: 'config.json' } })
      expect(config).toEqual({ controllers: [] })
    })

    it('the files of the API reference are those that are built', async () => {
      for (const [file, text] of Object.entries(await referenceFiles()))
        expect(await ledger.call('read', 'getReferenceFile', { path: { file } })).toBe(text)
    })

    it('a failure is logged with the names of its errors, and without anything that was sent', async () => {
      const process = await ledger.start('ingest', [], { ENTRIES_TABLE: 'nowhere' })
      const body = { secret }
      const { result } = await process.invoke(apiEvent('recordEvents', { query: { key: acme.siteKey }, body }))
      expect([result.statusCode, JSON.parse(result.body).code]).toEqual([500, 'internal'])
      await process.end()
      const [line, ...more] = process.lines()
      expect(more).toEqual([])
      expect(JSON.parse(line ?? '')).toMatchObject({
        code: 'internal',
        cause: 'ResourceNotFoundException',
        Failures: 1,
      })
      for (const word of [secret, acme.siteKey, viewerAddress, 'nowhere']) expect(line).not.toContain(word)
    })

    it('a function that keeps the logs does not start while the log cannot be signed', async () => {
      const key = ledger.kms.keys.get('checkpoint')
      if (key) key.state = 'Disabled'
      await expect(ledger.start('sequence')).rejects.toThrow('disabled or about to be deleted')
      if (key) key.state = 'Enabled'
    })

    function linesOf() {
      return ledger.lines().map(({ name: of, line }) => ({ name: of, line: JSON.parse(line) }))
    }

    const metricsOf = (of: string) =>
      metricsIn(
        linesOf()
          .filter((each) => each.name === of)
          .map(({ line }) => line),
        'test',
      )
  })
}
