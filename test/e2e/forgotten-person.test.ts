/**
 * A person of whom the ledger stored something of every kind, and who was erased: with every key that is left tried on everything that is
 * stored, nothing names the person. The mailbox is the world outside: a letter that went out stays where it went.
 */
import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { audit, bearer, type EventBody, record, visitorEvent } from '../support/demo-calls.ts'
import { siteKeyOf, startLedger } from '../support/running-ledger.ts'
import { steal } from '../support/thief.ts'

const kim = { type: 'email', id: 'kim@example.org' }
const other = { type: 'customer', id: 'customer-4711' }
const words = ['kim@', 'case-of-kim']

test('nothing that is stored names a person who was erased after links, mandates, letters, reads, holds and a request', async () => {
  const ledger = await startLedger({ clockOnlyGoesOn: true })
  const send = async (path: string, body: EventBody, scope: string) => {
    const token = bearer(await ledger.token(scope, 'ljungsten', 'registrar'))
    const reply = await ledger.post(path, { controller: 'ljungsten', ...body }, token)
    expect([path, reply.status]).toSatisfy(([, status]) => [200, 201, 202].includes(Number(status)))
    return reply.json
  }
  const newsletter = { purposeId: 'newsletter' }
  const eventOf = (subject: EventBody, more: EventBody = {}) =>
    visitorEvent(ledger, '', {
      subject: { identifier: subject },
      decisions: [{ ...newsletter, verb: 'given' }],
      shown: [{ policyId: 'privacy-policy', version: '2' }],
      ...more,
    })
  const writer = bearer(await ledger.token('consent.write'))
  const site = 'ljungsten/back-office'

  const mandateId = randomUUID()
  const mandate = { mandateId, kind: 'guardian', ground: 'parental-responsibility', evidence: 'case-of-kim' }
  const until = { from: '2020-01-01T00:00:00Z', comesOfAgeAt: '2090-01-01T00:00:00Z' }
  await send('/v1/mandates', { subject: kim, ...mandate, ...until, covers: { kind: 'all' } }, 'consent.mandate')
  const confirmation = `/v1/confirmations?key=${siteKeyOf(ledger, site)}`
  expect((await ledger.post(confirmation, eventOf(kim), writer)).status).toBe(201)
  expect((await record(ledger, eventOf(kim, { actor: { role: 'guardian', mandateId } }), site, writer)).status).toBe(
    201,
  )
  expect((await record(ledger, eventOf(other), site, writer)).status).toBe(201)
  await send('/v1/links', { subjects: [kim, other], ground: 'one contract', requestId: randomUUID() }, 'consent.write')
  for (const subject of [kim, other]) await audit(ledger, 'proofs', { subject, ...newsletter })
  const hold = { holdId: randomUUID(), ground: 'legal-claim', covers: { subject: kim } }
  await send('/v1/holds', hold, 'consent.hold')
  const erasure = { subject: kim, ground: 'data-subject-request' }
  expect(await send('/v1/erasures', erasure, 'consent.erase')).toMatchObject({ outcome: 'held' })
  await send(`/v1/holds/${hold.holdId}/release`, {}, 'consent.hold')

  const snapshot = await ledger.local.ledger.controllers.current('ljungsten')
  if (snapshot === undefined) throw new Error('no demo world')
  const loot = async () => {
    const { clear, opened } = steal([snapshot], await ledger.stored('entries'), await ledger.stored('vault'))
    const texts = [...clear, ...opened].map((text) => text.toLowerCase())
    return { naming: texts.filter((text) => words.some((word) => text.includes(word))), opened }
  }
  const before = await loot()
  for (const word of words) expect(before.naming.some((text) => text.includes(word))).toBe(true)
  expect(await send('/v1/erasures', erasure, 'consent.erase')).toMatchObject({ outcome: 'erased' })
  const after = await loot()
  expect(after.naming).toEqual([])
  expect(after.opened.length).toBeGreaterThan(0)

  await ledger.close(async () => {
    const files = await readdir(ledger.dataFolder, { recursive: true, withFileTypes: true })
    const bytes = files
      .filter((file) => file.isFile() && !file.parentPath.endsWith('mailbox'))
      .map(async ({ parentPath, name }) => [name, await readFile(join(parentPath, name), 'latin1')] as const)
    const naming = (await Promise.all(bytes)).filter(([, text]) =>
      words.some((word) => text.toLowerCase().includes(word)),
    )
    expect(naming.map(([name]) => name)).toEqual([])
  })
})
