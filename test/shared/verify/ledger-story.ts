/** Plays a story on the real ledger in memory, with sequencer and publisher, and returns the proofs and receipts that it hands out. */
import { randomUUID } from 'node:crypto'
import type { ClientEvent } from '../../../shared/consent/client-event.ts'
import type { ConsentProof } from '../../../shared/consent/proof-file.ts'
import type { Receipt } from '../../../shared/consent/receipt-file.ts'
import { ownReceipts } from '../../../shared/ledger/answers/own-receipts.ts'
import {
  publishPresentation,
  publishVersion,
  retractVersion,
} from '../../../shared/ledger/controllers/publish-policies.ts'
import { logPolicyText, logVerifierKey } from '../../../shared/ledger/log/log-policy-text.ts'
import { openLog } from '../../../shared/ledger/log/open-log.ts'
import { publishCheckpoint } from '../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../shared/ledger/log/sequencer.ts'
import { gatherProofRows } from '../../../shared/ledger/proofs/proof-rows.ts'
import { assembleProof } from '../../../shared/ledger/proofs/prove-consent.ts'
import { issueReceipt } from '../../../shared/ledger/recording/issue-receipts.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import type { ReceivedEvent } from '../../../shared/ledger/recording/recorded-event.ts'
import type { Key } from '../../../shared/ledger/store.ts'
import { type LogPolicy, parsePolicy } from '../../../shared/verify/verify.ts'
import { memoryLedger, seeded, submission, versionDraft } from '../../support/memory-ledger.ts'
import { checkpointSigner, memoryLogWriter, witnessSigner } from '../../support/memory-log-writer.ts'

export interface PublishedStory {
  readonly policy: LogPolicy
  /** The text of it, as the ledger serves it. */
  readonly policyText: string
  readonly logKey: string
  readonly proofs: readonly ConsentProof[]
  readonly receipts: readonly Receipt[]
  readonly now: string
}

const begin = Date.parse('2026-11-22T12:00:00.000Z')
const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString()
const me = { type: 'device', id: 'a-device' } as const

export async function publishedStory(): Promise<PublishedStory> {
  const ledger = memoryLedger(at(0))
  const logWriter = memoryLogWriter(ledger)
  const snapshot = await seeded(ledger)
  const policyKey = (policyId: string, sk: string): Key => ({ pk: `acme#policy#${policyId}`, sk })
  const announced: Key[] = [policyKey('privacy', 'version#1'), policyKey('terms', 'version#1')]
  await openLog(logWriter, 'acme')

  async function publish(seconds: number): Promise<void> {
    ledger.setNow(at(seconds))
    await sequenceEntries(
      logWriter,
      'acme',
      announced.splice(0).map((key) => ({ key })),
      newSequencerMemory(),
    )
    await publishCheckpoint(logWriter, 'acme')
  }

  async function record(
    seconds: number,
    event: Partial<ClientEvent>,
    more: Partial<ReceivedEvent> = {},
  ): Promise<Receipt> {
    ledger.setNow(at(seconds))
    const given = submission({ eventId: randomUUID(), occurredAt: at(seconds), ...event }, more)
    const [outcome] = (await recordEvents(ledger, (await ledger.controllers.current('acme')) ?? snapshot, [given]))
      .outcomes
    if (outcome?.outcome !== 'recorded') throw new Error('not recorded')
    announced.push(outcome.opened.key)
    return issueReceipt(ledger, snapshot, outcome.opened)
  }

  const newsletter = (verb: 'given' | 'withdrawn' | 'requested') => ({ decisions: [{ purposeId: 'newsletter', verb }] })
  await publish(2)
  ledger.setNow(at(10))
  await publishPresentation(ledger, 'acme', {
    presentationId: 'banner',
    policyId: 'privacy',
    wording: { en: 'Yes?' },
    controls: [{ purposeId: 'newsletter', label: { en: 'News' }, initially: 'off' }],
    refusal: { label: { en: 'No' }, layer: 1 },
  })
  announced.push(policyKey('privacy', 'presentation#banner'))
  await record(60, {
    ...newsletter('given'),
    act: 'checkbox',
    presentationId: 'banner',
    shown: [{ policyId: 'privacy', version: '1', locale: 'en' }],
  })
  await publish(61)
  await record(100, { decisions: [{ policyId: 'terms', verb: 'accepted' }] })
  await publish(101)
  ledger.setNow(at(200))
  await publishVersion(ledger, 'acme', versionDraft({ version: '2', changes: [] }))
  announced.push(policyKey('privacy', 'version#2'))
  ledger.setNow(at(210))
  await publishVersion(ledger, 'acme', versionDraft({ version: '3', effectiveFrom: at(9000) }))
  announced.push(policyKey('privacy', 'version#3'))
  await publish(212)
  ledger.setNow(at(300))
  await retractVersion(ledger, 'acme', 'privacy', { version: '3', reason: 'not needed' })
  announced.push(policyKey('privacy', 'retracted#3'))
  await publish(302)
  await record(400, { ...newsletter('given'), shown: [{ policyId: 'privacy', locale: 'sv' }] })
  // Nobody rings for an hour; another subject's entry gets a checkpoint in between.
  const late = announced.splice(0)
  await record(1000, newsletter('given'), { identity: { type: 'device', id: 'somebody-else' } })
  await publish(1002)
  announced.push(...late)
  await publish(4000)
  await record(4100, newsletter('withdrawn'), { assurance: 'operator' })
  await publish(4101)
  const pending = await record(4200, newsletter('given'))

  ledger.setNow(at(4210))
  const fresh = (await ledger.controllers.current('acme')) ?? snapshot
  const ask = async (topic: { purposeId: string } | { policyId: string }, instants: { at: string; knownAt?: string }) =>
    gatherProofRows(ledger, fresh, me, topic, { knownAt: at(4210), ...instants }).then((rows) =>
      assembleProof(ledger, rows, instants),
    )
  const purpose = { purposeId: 'newsletter' }
  const proofs = [
    await ask(purpose, { at: at(80) }),
    await ask(purpose, { at: at(500) }),
    await ask(purpose, { at: at(500), knownAt: at(600) }),
    await ask(purpose, { at: at(4150) }),
    await ask(purpose, { at: at(4150), knownAt: at(4050) }),
    await ask(purpose, { at: at(0), knownAt: at(0) }),
    await ask(purpose, { at: at(10_000), knownAt: at(10_000) }),
    await ask({ policyId: 'terms' }, { at: at(300) }),
    await ask({ policyId: 'privacy' }, { at: at(300) }),
  ]
  const { receipts } = await ownReceipts(ledger, fresh, me, { limit: 10 })
  const keys = { host: ledger.host, checkpointKey: checkpointSigner.publicKey, witnessKey: witnessSigner.publicKey }
  const policyText = logPolicyText(keys, 'acme', 'http://localhost')
  return {
    policy: parsePolicy(policyText),
    policyText,
    logKey: logVerifierKey(keys, 'acme'),
    proofs,
    receipts: [pending, ...receipts],
    now: at(5000),
  }
}
