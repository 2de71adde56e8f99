/** Retention by HTTP: data is kept for a month, consents and proofs for a year. The daily retention runs at each instant. */
import { beforeAll, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { readReport, reportFolder } from '../../shared/ledger/jobs/stored-reports.ts'
import { policyOfKeys, verifyFile } from '../../shared/verify/verify.ts'
import { purpose } from '../shared/consent/scenario.ts'
import { administer, audit, bearer, device, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const purposeId = 'evidence-of-a-year'
const until = { criterion: 'relation-ended', text: { en: 'while you have an account' } }
const secret = aDeviceSecret()
const subject = deviceIdentity(secret)
const ledger = sharedLedger({ clockOnlyGoesOn: true })
beforeAll(async () => {
  ledger.setClock('2026-11-29T10:00:00.000Z')
  const declared = { ...purpose({ purposeId, retention: 'P1M', validity: 'P12M' }), until }
  const published = await administer(ledger, '/policies/short-data/versions', {
    version: '1',
    kind: 'other',
    scope: [],
    title: { en: 'Short data' },
    texts: [{ locale: 'en', mediaType: 'text/plain', text: 'Data for a month.' }],
    purposes: [declared],
    evidenceRetention: 'P1Y',
    level: 'major',
    changes: [],
    ground: 'business',
    summary: { en: 'The first.' },
  })
  expect([published.status, published.json.evidenceRetention, published.json.purposes[0].until]).toEqual([
    201,
    'P1Y',
    until,
  ])
})

async function decide(verb: string, about = purposeId) {
  const shown = [{ policyId: 'short-data', version: '1' }]
  const reply = await record(ledger, visitorEvent(ledger, secret, { decisions: [{ purposeId: about, verb }], shown }))
  expect(reply.status).toBe(201)
  return reply.json
}

async function own(): Promise<string> {
  const path = `/v1/me/consents?key=${siteKeyOf(ledger, 'ljungsten/web')}`
  const { json } = await ledger.get(path, device(secret))
  const answer = json.consents.find((each: { purposeId?: string }) => each.purposeId === purposeId)
  return `${answer.status} ${answer.reason}`
}

/** The log is at work on three days up to then: without it retention would not believe the clock. */
async function retainedAt(at: string): Promise<string> {
  for (const daysBefore of [2, 1, 0]) {
    ledger.setClock(new Date(Date.parse(at) - daysBefore * 86_400_000).toISOString())
    await audit(ledger, 'consents', { subject })
    await ledger.local.runner.settle()
  }
  await ledger.local.retention.run()
  return own()
}

async function proven() {
  await ledger.local.runner.settle()
  const { text, json } = await audit(ledger, 'proofs', { subject, purposeId })
  return { said: json.answer, ...(await verifyFile(text, policyOfKeys(ledger.local.logKeys('ljungsten')))) }
}

test('a consent lasts to its end, whatever the retention of the data; its proof is then kept for the evidence term, and expires after it', async () => {
  const { record: processing } = await decide('given')
  const [{ retentionPeriod, retentionCriterion }] = processing.piiProcessing[0].purposes
  expect({ retentionPeriod, retentionCriterion }).toEqual({ retentionPeriod: 'P1M', retentionCriterion: until })

  expect(await retainedAt('2027-01-03T12:00:00.000Z')).toBe('Given decided')
  expect(await proven()).toMatchObject({ verdict: 'valid', said: { status: 'Given' } })
  expect(await retainedAt('2027-11-28T00:00:00.000Z')).toBe('Given decided')
  expect(await retainedAt('2027-11-30T00:00:00.000Z')).toBe('Expired validity-ended')
  // Somebody of whom another year stays is still known when the first has gone.
  await decide('refused', 'statistics')
  expect(await retainedAt('2028-11-29T00:00:00.000Z')).toBe('Expired validity-ended')
  expect(await proven()).toMatchObject({ verdict: 'valid', said: { status: 'Expired' } })

  expect(await retainedAt('2028-11-30T00:00:00.000Z')).toBe('Unknown evidence-expired')
  const gone = await proven()
  expect(gone).toMatchObject({ verdict: 'undetermined', said: { status: 'Unknown', reason: 'evidence-expired' } })
  expect(gone.failed?.says).toContain('1 event is in the log and not opened')
  const name = await ledger.local.ledger.objects.first(reportFolder('retain'))
  const report = readReport((name && (await ledger.local.ledger.objects.get(name))) || Buffer.of())
  expect(report).toMatchObject({
    startedBy: 'schedule',
    outcome: 'done',
    changes: [{ change: 'years-destroyed', count: 1 }],
    disposals: [
      {
        controller: 'ljungsten',
        keys: 'proof',
        year: 2026,
        rule: 'evidence-term',
        term: 'P1Y',
        purposeId,
        subjects: 1,
      },
    ],
  })
  const { json } = await audit(ledger, 'timeline', { subject, purposeId })
  expect([json.changes, json.events.length]).toEqual([[], 1])
})

test('what went is a manifest that the controller reads, and anyone with the keys of the log checks offline', async () => {
  await ledger.local.runner.settle()
  const path = '/v1/controllers/ljungsten/dispositions'
  const { status, json } = await ledger.get(path, bearer(await ledger.token('consent.admin')))
  expect(status).toBe(200)
  const { manifest, tlogProof } = json.manifests[0]
  const gone = { keys: 'proof', year: 2026, rule: 'evidence-term', term: 'P1Y', purposeId, subjects: 1 }
  expect(manifest).toMatchObject({ outcome: 'carried-out', disposals: [gone] })
  const { verdict, disclosed } = await verifyFile(tlogProof, policyOfKeys(ledger.local.logKeys('ljungsten')))
  expect([verdict, disclosed]).toEqual(['valid', { 'field:manifest': manifest }])
  expect(JSON.stringify(json)).not.toContain(subject.id)
})
