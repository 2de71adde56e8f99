/** Both outboxes of letters: the contract, and what only one of them has. */
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventBusOutbox } from '../../functions/aws/event-bus-outbox.ts'
import { mailboxFolder } from '../../infra/local/data/mailbox-folder.ts'
import type { Letter } from '../../shared/ledger/letters/letter-outbox.ts'
import { type EventBusDouble, startEventBusDouble } from '../support/event-bus-double.ts'
import { aLetter, letterOutboxContract } from './letter-outbox.ts'

const lettersIn = async (folder: string) =>
  Promise.all(
    (await readdir(folder)).map(
      async (name): Promise<Letter> => JSON.parse(await readFile(join(folder, name), 'utf8')),
    ),
  )

letterOutboxContract('a folder', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'mailbox-')), 'mailbox')
  return {
    outbox: mailboxFolder(folder),
    letters: () => lettersIn(folder),
    close: () => rm(folder, { recursive: true }),
  }
})

const credentials = { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'session' }
const quick = { deadlineMs: 2_000, sleep: async () => {} }
const outboxAt = ({ endpoint }: EventBusDouble) =>
  eventBusOutbox({ region: 'eu-north-1', credentials, bus: 'letters', endpoint, ...quick })

letterOutboxContract('an event bus', async () => {
  const double = await startEventBusDouble()
  return { outbox: outboxAt(double), letters: async () => double.letters, close: double.stop }
})

describe('a folder', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailbox-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('keeps each letter in a file of its own that only its user can read, and one that was repeated once', async () => {
    const letter = aLetter()
    await mailboxFolder(folder).put(letter)
    await mailboxFolder(folder).put({ ...letter, text: 'another' })
    const file = join(folder, `${letter.id}.json`)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(letter)
  })

  it('deletes letters whose links have ended', async () => {
    const [old, young] = [join(folder, 'old.json'), join(folder, 'young.json')]
    for (const file of [old, young]) await writeFile(file, '{}')
    const dayAgo = (days: number) => new Date(Date.now() - days * 86_400_000)
    await utimes(old, dayAgo(2.1), dayAgo(2.1))
    await utimes(young, dayAgo(1.9), dayAgo(1.9))
    await mailboxFolder(folder).put(aLetter())
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['young.json']))
    expect(await readdir(folder)).not.toContain('old.json')
  })
})

describe('an event bus', () => {
  let double: EventBusDouble
  beforeAll(async () => {
    double = await startEventBusDouble()
  })
  afterAll(() => double.stop())
  afterEach(() => {
    double.decide = () => undefined
  })

  it('is called as the SDK’s clients call it', async () => {
    const letter = aLetter()
    await outboxAt(double).put(letter)
    const { headers, body } = double.seen.at(-1) ?? {}
    expect(headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSEvents.PutEvents',
      'x-amz-security-token': 'session',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/eu-north-1\/events\/aws4_request, /,
      ),
    })
    expect(JSON.parse(String(body))).toEqual({
      Entries: [
        { EventBusName: 'letters', Source: 'consent-ledger', DetailType: 'Letter', Detail: JSON.stringify(letter) },
      ],
    })
  })

  it.each([
    ['a broken connection', { fault: 'drop' }],
    ['an answer that was lost', { fault: 'lose-answer' }],
    ['an answer that was cut', { fault: 'cut' }],
    ['throttling', { fault: 'refuse', status: 400, code: 'ThrottlingException' }],
    ['a failure of the service', { fault: 'refuse', status: 500, code: 'InternalFailure' }],
  ] as const)('sends again after %s', async (_, fault) => {
    const letter = aLetter()
    let tries = 0
    double.decide = () => (tries++ < 2 ? fault : undefined)
    await outboxAt(double).put(letter)
    expect(double.letters.filter(({ id }) => id === letter.id).length).toBeGreaterThan(0)
    expect(tries).toBe(3)
  })

  it('sends again when the bus took the call and not the letter', async () => {
    double.failEntries = 2
    const letter = aLetter()
    await outboxAt(double).put(letter)
    expect(double.letters.filter(({ id }) => id === letter.id)).toHaveLength(1)
  })

  it('that refuses fails the call, and the error does not quote the letter', async () => {
    double.decide = () => ({ fault: 'refuse', status: 400, code: 'AccessDeniedException' })
    const error = await outboxAt(double)
      .put(aLetter())
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'internal',
      message: 'The event bus refused the request: AccessDeniedException.',
    })
    double.decide = () => ({ fault: 'refuse', status: 503, code: 'ServiceUnavailable' })
    await expect(outboxAt(double).put(aLetter())).rejects.toMatchObject({ code: 'unavailable' })
  })
})
