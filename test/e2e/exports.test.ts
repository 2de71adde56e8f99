/** Exports through the front door: who may, what comes, what is recorded of it, and that it survives the server. */
import { randomUUID } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { bearer, bearerWithoutGrant, noon, record, visitorEvent } from '../support/demo-calls.ts'
import { eventually } from '../support/eventually.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
const path = '/v1/controllers/ljungsten/exports'
const tokenOf = (scope: string) => bearerWithoutGrant(ledger, 'officer', scope)
const both = 'consent.export consent.export.clear'
const draftOf = (more: object = {}) => ({
  ...{ exportId: randomUUID(), what: 'events', format: 'ndjson', identifiers: 'hashed' },
  ...more,
})

async function settled(exportId: string, headers: Record<string, string>) {
  return eventually(async () => {
    const { json } = await ledger.get(`${path}/${exportId}`, headers)
    expect(json.state).toBe('done')
    return json
  })
}

async function rowsOf(json: { parts: { download: { url: string } }[] }) {
  const rows: Record<string, unknown>[] = []
  for (const { download } of json.parts) {
    const answer = await fetch(download.url)
    expect(answer.status).toBe(200)
    const text = String(gunzipSync(Buffer.from(await answer.arrayBuffer())))
    for (const line of text.trim().split('\n')) rows.push(JSON.parse(line))
  }
  return rows
}

beforeAll(async () => {
  ledger.setClock(noon)
  for (let n = 0; n < 3; n++)
    await record(
      ledger,
      visitorEvent(ledger, aDeviceSecret(), { decisions: [{ purposeId: 'statistics', verb: 'given' }] }),
    )
  await ledger.local.runner.settle()
})

describe('an export', () => {
  it('takes its scope, and another one for identifiers in clear', async () => {
    expect((await ledger.post(path, draftOf(), await tokenOf('consent.admin'))).status).toBe(403)
    const clear = await ledger.post(path, draftOf({ identifiers: 'clear' }), await tokenOf('consent.export'))
    expect([clear.status, clear.json.code]).toEqual([403, 'forbidden'])
    const unknown = await ledger.post(path, draftOf({ purposeId: 'nothing' }), await tokenOf('consent.export'))
    expect([unknown.status, unknown.json.code]).toEqual([400, 'unknown-purpose'])
    const misfit = await ledger.post(path, draftOf({ statuses: ['Given'] }), await tokenOf('consent.export'))
    expect([misfit.status, misfit.json.code]).toEqual([400, 'invalid-request'])
  })

  it('gives every event, with its files at URLs, and is the same when it is asked for again', async () => {
    const headers = await tokenOf(both)
    const draft = draftOf({ identifiers: 'clear' })
    expect((await ledger.post(path, draft, headers)).status).toBe(202)
    const done = await settled(draft.exportId, headers)
    expect((await ledger.post(path, draft, headers)).status).toBe(200)
    expect((await ledger.post(path, { ...draft, format: 'csv' }, headers)).json.code).toBe('already-exists')
    const rows = await rowsOf(done)
    expect(rows.length).toBe(done.rows)
    expect(done.leaves.exported).toBe(rows.length)
    expect(rows.filter(({ identity }) => (identity as { type: string }).type === 'device').length).toBeGreaterThan(2)
    const manifest = await (await fetch(done.manifest.url)).json()
    expect(manifest).toMatchObject({ manifest: 'consent-export@1', rows: rows.length, log: done.log })
    expect((await ledger.get(path, headers)).json.exports).toContainEqual(expect.objectContaining({ state: 'done' }))
    // Without the scope for clear identifiers there is no way to the files.
    const { json } = await ledger.get(`${path}/${draft.exportId}`, await tokenOf('consent.export'))
    expect([json.manifest, json.parts.some((part: object) => 'download' in part)]).toEqual([undefined, false])
  })

  it('is a read of the day', async () => {
    const headers = await tokenOf('consent.export')
    const draft = draftOf({ purposeId: 'statistics' })
    await ledger.post(path, draft, headers)
    const day = ledger.now().slice(0, 10)
    const admin = bearer(await ledger.token('consent.admin'))
    const { json } = await ledger.get(`/v1/controllers/ljungsten/reads?day=${day}`, admin)
    const hour = ledger.now().slice(0, 13)
    expect(json.reads).toContainEqual(expect.objectContaining({ hour }))
    await settled(draft.exportId, headers)
    // Whoever gets the files reads, also another than who asked.
    const readsNow = async () => (await ledger.stored('entries')).filter(({ pk }) => pk.includes('#read#')).length
    const before = await readsNow()
    const another = await bearerWithoutGrant(ledger, 'another officer', 'consent.export')
    const { json: got } = await ledger.get(`${path}/${draft.exportId}`, another)
    expect([typeof got.manifest.url, await readsNow()]).toEqual(['string', before + 1])
  })

  it('can be cancelled, and leads to no file then', async () => {
    const headers = await tokenOf('consent.export')
    const draft = draftOf()
    await ledger.post(path, draft, headers)
    const { status, json } = await ledger.post(`${path}/${draft.exportId}/cancellation`, undefined, headers)
    expect([status, json.state, json.manifest]).toEqual([200, 'cancelled', undefined])
    await eventually(async () => {
      const files = await ledger.local.transfers.files.list(`exports/ljungsten/${draft.exportId}/`)
      expect(files).toEqual([])
    })
  })

  it('is named by the answer to an erasure of a person whom it may have had, and of nobody else', async () => {
    const subject = { type: 'email', id: `${randomUUID()}@example.org` }
    const says = { subject: { identifier: subject }, decisions: [{ purposeId: 'statistics', verb: 'given' }] }
    const before = draftOf({ purposeId: 'statistics' })
    const headers = await tokenOf('consent.export')
    await ledger.post(path, before, headers)
    await settled(before.exportId, headers)
    const writer = bearer(await ledger.token('consent.write'))
    await record(ledger, visitorEvent(ledger, '', says), 'ljungsten/back-office', writer)
    await ledger.local.runner.settle()
    const [having, other] = [draftOf({ purposeId: 'statistics' }), draftOf({ purposeId: 'marketing-cookies' })]
    for (const draft of [having, other]) {
      await ledger.post(path, draft, headers)
      await settled(draft.exportId, headers)
    }
    const eraser = bearer(await ledger.token('consent.erase'))
    const erase = async (named: object) => {
      const body = { controller: 'ljungsten', subject: named, ground: 'data-subject-request' }
      const { json } = await ledger.post('/v1/erasures', body, eraser)
      return json.copies.find((each: { copy: string }) => each.copy === 'exports')
    }
    const copy = await erase(subject)
    const named = copy.exports.map(({ exportId }: { exportId: string }) => exportId)
    expect(named).toContain(having.exportId)
    expect(named).not.toContain(other.exportId)
    expect(named).not.toContain(before.exportId)
    expect(copy.exports[0].requestedBy.subject).toBe('officer')
    expect(await erase(subject)).toMatchObject({ holders: 'unknown' })
  })
})
