/** Proofs of the real ledger in memory, of a log that outside witnesses cosign, against policies with a quorum. */
import { randomUUID } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { askWitnesses } from '../../../shared/ledger/log/ask-witnesses.ts'
import { logPolicyText } from '../../../shared/ledger/log/log-policy-text.ts'
import { openLog } from '../../../shared/ledger/log/open-log.ts'
import { publishCheckpoint } from '../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../shared/ledger/log/sequencer.ts'
import { gatherProofRows } from '../../../shared/ledger/proofs/proof-rows.ts'
import { assembleProof } from '../../../shared/ledger/proofs/prove-consent.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import { formatSignatureLine } from '../../../shared/tlog/add-checkpoint.ts'
import { parseNote } from '../../../shared/tlog/note.ts'
import { formatVerifierKey } from '../../../shared/tlog/verifier-key.ts'
import { parsePolicy, verifyProof } from '../../../shared/verify/verify.ts'
import { memoryLedger, seeded, submission } from '../../support/memory-ledger.ts'
import { checkpointSigner, memoryLogWriter, witnessSigner } from '../../support/memory-log-writer.ts'
import { signatureOf, witness } from '../tlog/signing.ts'

const begin = Date.parse('2026-11-22T12:00:00.000Z')
const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString()
const me = { type: 'email', id: 'ada@example.org' } as const
const [north, south] = [witness('witness.example/north'), witness('witness.example/south')]

const ledger = memoryLedger(at(0))
const logWriter = memoryLogWriter(ledger)
const keys = { host: ledger.host, checkpointKey: checkpointSigner.publicKey, witnessKey: witnessSigner.publicKey }
const quorum = (rule: string) =>
  parsePolicy(
    logPolicyText(keys, 'acme', 'https://ledger.example').replace(
      'quorum none',
      [
        `witness north ${formatVerifierKey(north.key)}\nwitness south ${formatVerifierKey(south.key)}`,
        `group both all north south\nquorum ${rule}`,
      ].join('\n'),
    ),
  )

async function say(seconds: number, verb: 'given' | 'withdrawn') {
  ledger.setNow(at(seconds))
  const snapshot = await ledger.controllers.current('acme')
  if (snapshot === undefined) throw new Error('no controller')
  const decisions = [{ purposeId: 'newsletter', verb }]
  const shown = [{ policyId: 'privacy', version: '1', locale: 'en' }]
  const event = { eventId: randomUUID(), occurredAt: at(seconds), act: 'button' as const, decisions, shown }
  const { outcomes } = await recordEvents(ledger, snapshot, [
    submission(event, { identity: me, assurance: 'authenticated' }),
  ])
  const recorded = outcomes.flatMap((each) => (each.outcome === 'recorded' ? [each.opened] : []))
  await sequenceEntries(logWriter, 'acme', recorded, newSequencerMemory())
  await publishCheckpoint(logWriter, 'acme')
}

async function round(seconds: number, of = [north, south]) {
  ledger.setNow(at(seconds))
  const ask = async (url: string, { checkpoint }: { readonly checkpoint: string }) => {
    const one = url === 'north' ? north : south
    const line = signatureOf(one, parseNote(checkpoint).text, (begin + seconds * 1000) / 1000)
    return { says: 'cosigned', body: formatSignatureLine(line) } as const
  }
  const witnesses = of.map((each) => ({ key: each.key, url: each === north ? 'north' : 'south' }))
  return askWitnesses({ ...logWriter, ...ledger, witnesses, ask, deadlineMs: 1_000 }, 'acme')
}

async function proven(rule: string, instants: { readonly at: string; readonly knownAt?: string }) {
  const snapshot = await ledger.controllers.current('acme')
  if (snapshot === undefined) throw new Error('no controller')
  const rows = await gatherProofRows(
    ledger,
    snapshot,
    me,
    { purposeId: 'newsletter' },
    { knownAt: at(9000), ...instants },
  )
  const proof = await assembleProof(ledger, rows, instants)
  const { verdict, failed, steps, answer } = await verifyProof(JSON.stringify(proof), quorum(rule), at(9000))
  const limits = steps
    .filter(({ step, outcome }) => step === 'limits' && outcome === 'note')
    .map(({ said }) => said.code)
  return { verdict, ...(failed && { failed: [failed.step, failed.says] }), limits, status: answer?.status.status }
}

beforeAll(async () => {
  await seeded(ledger)
  await openLog(logWriter, 'acme')
  const policyKey = (policyId: string) => ({ key: { pk: `acme#policy#${policyId}`, sk: 'version#1' } })
  await sequenceEntries(logWriter, 'acme', [policyKey('privacy'), policyKey('terms')], newSequencerMemory())
  await say(60, 'given')
})

it('without a cosignature times are the operator’s word, and a quorum is not met', async () => {
  expect(await proven('none', { at: at(70) })).toMatchObject({
    verdict: 'valid',
    limits: expect.arrayContaining(['times-operators-word']),
  })
  expect(await proven('north', { at: at(70) })).toMatchObject({
    verdict: 'invalid',
    failed: ['checkpoint', expect.any(String)],
  })
})

it('with the quorum that limit is gone', async () => {
  expect(await round(900, [north])).toEqual([{ witness: north.key.name }])
  const { verdict, limits } = await proven('north', { at: at(70) })
  expect(verdict).toBe('valid')
  expect(limits).toContain('times-witnessed')
  expect(limits).not.toContain('times-operators-word')
  expect(limits).not.toContain('other-times-operators-word')
  expect(await proven('both', { at: at(70) })).toMatchObject({ verdict: 'invalid' })
  expect(await round(910)).toEqual([{ witness: south.key.name }])
  expect(await proven('both', { at: at(70) })).toMatchObject({ verdict: 'valid' })
})

it('a newer checkpoint lacks it until the next round, and what was known before is proven with it all the while', async () => {
  await say(1000, 'withdrawn')
  await say(1020, 'given')
  await round(1800)
  await say(1830, 'withdrawn')
  expect(await proven('both', { at: at(2000) })).toMatchObject({ verdict: 'invalid' })
  const then = await proven('both', { at: at(1010), knownAt: at(1010) })
  expect(then).toMatchObject({ verdict: 'valid', status: 'Withdrawn' })
  // Which checkpoint was the newest one then is for the operator to say.
  expect(then.limits).toEqual(expect.arrayContaining(['times-witnessed', 'other-times-operators-word']))
  await round(2700)
  expect(await proven('both', { at: at(2000) })).toMatchObject({ verdict: 'valid', status: 'Withdrawn' })
})

it('an answer about moments ago is given by the newest checkpoint, which has everything', async () => {
  await say(2710, 'given')
  expect(await proven('none', { at: at(2711), knownAt: at(2711) })).toMatchObject({ verdict: 'valid', status: 'Given' })
})
