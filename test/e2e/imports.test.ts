/** Imports through the front door: asked for, uploaded, tried, carried out, cancelled. */
import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addImportState, latestImportState, queuedState } from '../../shared/imports/import-state.ts'
import { eventually } from '../support/eventually.ts'
import { type Reply, type RunningLedger, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
let token: Record<string, string>
beforeAll(async () => {
  ledger = await startLedger()
  token = { authorization: `Bearer ${await ledger.token('consent.import')}` }
})
afterAll(() => ledger.close())

const path = '/v1/controllers/ljungsten/imports'
const mapping = {
  originId: { column: 'id' },
  identifier: { id: { column: 'email' }, type: { constant: 'email' } },
  occurredAt: { column: 'date', format: 'dd/MM/yyyy HH:mm', zone: 'Europe/Stockholm' },
  decisions: [
    { purpose: { constant: 'statistics' }, verb: { column: 'statistics', values: { ja: 'given', nej: 'refused' } } },
  ],
}
const header = 'id;email;date;statistics\r\n'

interface Asked {
  readonly importId: string
  readonly reply: Reply
}

async function ask(files: readonly (readonly [name: string, content: string | Buffer])[], more = {}): Promise<Asked> {
  const importId = randomUUID()
  const named = files.map(([name, content]) => ({ name, bytes: Buffer.byteLength(content) }))
  const draft = { importId, system: 'old-crm', site: 'web', format: 'mapping', mapping, files: named, ...more }
  const reply = await ledger.post(path, draft, token)
  expect(reply.status, reply.text).toBe(202)
  for (const [i, [, body]] of files.entries()) {
    const put = await fetch(reply.json.files[i].upload.url, { method: 'PUT', body: new Uint8Array(Buffer.from(body)) })
    expect(put.status).toBe(200)
  }
  return { importId, reply }
}

const look = (importId: string) => ledger.get(`${path}/${importId}`, token)

async function carriedOut(importId: string, start = {}): Promise<Reply['json']> {
  expect((await ledger.post(`${path}/${importId}/start`, start, token)).status).toBe(202)
  return eventually(async () => {
    const { json } = await look(importId)
    expect(['done', 'checked', 'failed']).toContain(json.state)
    return json
  })
}

async function statusOf(email: string): Promise<string> {
  const auditor = { authorization: `Bearer ${await ledger.token('consent.audit')}` }
  const subject = { type: 'email', id: email }
  const question = { controller: 'ljungsten', subject, purposeId: 'statistics' }
  const { json } = await ledger.post('/v1/audit/consents', question, auditor)
  return json.consents[0].status
}

describe('an import', () => {
  it('is asked for, uploaded, tried without recording anything, and carried out', async () => {
    const rows = [
      '1;anna.import@example.org;03/04/2025 14:30;ja',
      '2;bo.import@example.org;31/02/2025 10:00;ja',
      '3;;01/02/2025 10:00;nej',
    ]
    const more = gzipSync(
      `${header}4;cilla.import@example.org;01/02/2025 10:00;nej\n5;dag.import@example.org;01/02/2025 10:00;kanske\n`,
    )
    const { importId, reply } = await ask([
      ['one.csv', header + rows.join('\r\n')],
      ['two.csv.gz', more],
    ])
    expect(reply.json).toMatchObject({ state: 'awaiting-files', progress: 0, requestedBy: { subject: 'tester' } })

    const tried = await carriedOut(importId, { dryRun: true })
    const counters = { records: 5, accepted: 2, skipped: 0, rejected: 3 }
    const errors = { 'bad-time': 1, 'no-identifier': 1, 'unknown-value': 1 }
    expect(tried).toMatchObject({ state: 'checked', dryRun: true, counters, errors, progress: 1 })
    const preview = await (await fetch(tried.preview.url)).json()
    expect(preview.records).toHaveLength(2)
    expect(preview.records[0]).toMatchObject({
      identity: { type: 'email', id: 'anna.import@example.org' },
      times: { occurredAt: '2025-04-03T12:30:00.000Z', effectiveAt: '2025-04-03T12:30:00.000Z', verdict: 'asserted' },
      who: { assurance: 'imported' },
      how: { origin: { system: 'old-crm', eventId: '1', importId, record: 0 } },
    })
    expect(await statusOf('cilla.import@example.org')).toBe('Unknown')

    const done = await carriedOut(importId)
    expect(done).toMatchObject({ state: 'done', dryRun: false, counters, errors, progress: 1 })
    expect(done.preview).toBeUndefined()
    expect(await (await fetch(done.report.url)).text()).toBe(
      [
        'file,line,reason,detail',
        'one.csv,3,bad-time,31/02/2025 10:00 is not a time of the form dd/MM/yyyy HH:mm in Europe/Stockholm',
        'one.csv,4,no-identifier,the column of the identifier is empty',
        'two.csv.gz,3,unknown-value,the mapping has no value for kanske in statistics',
        '',
      ].join('\r\n'),
    )
    expect(await statusOf('cilla.import@example.org')).toBe('Refused')
    expect(await ledger.local.transfers.files.list(`imports/ljungsten/${importId}/uploads/`)).toEqual([])
  })

  it('records a record once, by whichever import and however often, and refuses another under its id', async () => {
    const file = `${header}a;eva.import@example.org;01/02/2025 10:00;nej\na;eva.import@example.org;01/02/2025 10:00;nej\n`
    const first = await ask([['a.csv', file]])
    expect((await carriedOut(first.importId)).counters).toEqual({ records: 2, accepted: 1, skipped: 1, rejected: 0 })
    const changed = file.replace(/nej\n$/, 'ja\n')
    const second = await ask([['a.csv', changed]])
    const done = await carriedOut(second.importId)
    expect(done.counters).toEqual({ records: 2, accepted: 0, skipped: 1, rejected: 1 })
    expect(done.errors).toEqual({ conflict: 1 })
  })

  it('is looked for again when it is started again', async () => {
    const { importId } = await ask([['a.csv', `${header}90;kim.import@example.org;01/02/2025 10:00;nej\n`]])
    const { entries, clock } = ledger.local.ledger
    const latest = await latestImportState(entries, 'ljungsten', importId)
    if (latest === undefined) throw new Error('it was asked for')
    // As after a start of days ago, for which no worker looks.
    const state = queuedState(latest.state, false, new Date(clock()).toISOString())
    await addImportState(entries, 'ljungsten', importId, { number: latest.number + 1, state })
    expect((await ledger.post(`${path}/${importId}/start`, {}, token)).status).toBe(200)
    await eventually(async () => expect((await look(importId)).json.state).toBe('done'))
  })

  it('repeats an answer, and refuses another request under its id, a start without files, and one after the end', async () => {
    const { importId } = await ask([['a.csv', `${header}x;fia.import@example.org;01/02/2025 10:00;nej\n`]])
    const draft = { importId, system: 'old-crm', site: 'web', format: 'mapping', mapping }
    const other = await ledger.post(path, { ...draft, files: [{ name: 'b.csv', bytes: 5 }] }, token)
    expect([other.status, other.json.code]).toEqual([409, 'already-exists'])
    await carriedOut(importId)
    const again = await ledger.post(`${path}/${importId}/start`, {}, token)
    expect([again.status, again.json.given]).toEqual([409, 'done'])

    const awaiting = await ledger.post(
      path,
      { ...draft, importId: randomUUID(), files: [{ name: 'b.csv', bytes: 5 }] },
      token,
    )
    const early = await ledger.post(`${path}/${awaiting.json.importId}/start`, {}, token)
    expect([early.status, early.json.field]).toEqual([400, '/files'])
    const cancelled = await ledger.post(`${path}/${awaiting.json.importId}/cancellation`, undefined, token)
    expect([cancelled.status, cancelled.json.state]).toEqual([200, 'cancelled'])
    const listed = await ledger.get(path, token)
    expect(listed.json.imports.map((each: { importId: string }) => each.importId)).toContain(importId)
  })

  it.each([
    ['site', { site: 'nowhere' }, 'invalid-request', '/site'],
    ['purpose', { purposes: { x: 'nothing' } }, 'unknown-purpose', '/purposes'],
    ['policy', { policy: { policyId: 'nothing' } }, 'unknown-policy', '/policy/policyId'],
    [
      'zone',
      { mapping: { ...mapping, occurredAt: { column: 'd', zone: 'Mars/North' } } },
      'invalid-request',
      '/mapping/occurredAt/zone',
    ],
    ['mapping', { mapping: undefined }, 'invalid-request', '/mapping'],
  ])('is refused for an unknown %s', async (_, wrong, code, field) => {
    const files = [{ name: 'a.csv', bytes: 3 }]
    const draft = { importId: randomUUID(), system: 's', site: 'web', format: 'mapping', mapping, files, ...wrong }
    const { json } = await ledger.post(path, draft, token)
    expect([json.code, json.field]).toEqual([code, field])
  })

  it('takes the scope consent.import, and nothing else', async () => {
    const other = { authorization: `Bearer ${await ledger.token('consent.write consent.admin')}` }
    expect((await ledger.get(path, other)).json.code).toBe('forbidden')
    expect((await ledger.get(path)).json.code).toBe('unauthenticated')
  })

  it('leaves an act for each of its three steps, with who did it', async () => {
    const acts = async () => (await ledger.stored('entries')).filter(({ pk }) => pk.startsWith('ljungsten#act#')).length
    const before = await acts()
    const { importId } = await ask([['a.csv', header]])
    await carriedOut(importId)
    expect((await acts()) - before).toBe(2)
  })
})
