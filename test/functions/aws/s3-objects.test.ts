/** The S3 adapter when S3 and the network fail, and what it asks S3 for. The double is of the protocol; AWS itself is not here. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AttemptOptions } from '../../../functions/aws/attempts.ts'
import { createS3Client, s3Objects } from '../../../functions/aws/s3-objects.ts'
import type { Objects } from '../../../shared/ledger/store.ts'
import type { Fault } from '../../support/http-double.ts'
import { type S3Double, startS3Double } from '../../support/s3-double.ts'

let double: S3Double
let client: ReturnType<typeof createS3Client>
/** Gives up on an answer early, which a busy machine can make it do at any request. */
let hastyClient: typeof client
beforeAll(async () => {
  double = await startS3Double()
  const { endpoint } = double
  client = createS3Client({ region: 'eu-north-1', endpoint })
  hastyClient = createS3Client({ region: 'eu-north-1', endpoint, requestTimeoutMs: 250 })
})
afterAll(async () => {
  client.destroy()
  hastyClient.destroy()
  await double.stop()
})
beforeEach(() => {
  double.stored.clear()
  double.served.clear()
  double.seen.length = 0
  double.decide = () => undefined
})

const quick: AttemptOptions = { sleep: async () => {} }
const objects = (options: AttemptOptions = quick): Objects => s3Objects(client, double.names, options)
const hastily = (): Objects => s3Objects(hastyClient, double.names, quick)
const operations = () => double.seen.map(({ operation }) => operation)
const slowDown: Fault = { fault: 'refuse', status: 503, code: 'SlowDown' }
const conflict: Fault = { fault: 'refuse', status: 409, code: 'ConditionalRequestConflict' }

/** These faults to the first requests of one operation, in order. */
function fail(operation: string, ...faults: readonly Fault[]): void {
  double.decide = (request) => (request.operation === operation ? faults[request.earlier] : undefined)
}

const passing: readonly Fault[] = [
  slowDown,
  { fault: 'refuse', status: 500, code: 'InternalError' },
  { fault: 'refuse', status: 400, code: 'RequestTimeout' },
  { fault: 'drop' },
  { fault: 'hang' },
]
const bytes = Buffer.from('some bytes that are long enough to be cut')

describe('what passes is tried again', () => {
  it.each([...passing, conflict, { fault: 'lose-answer' } as const])('put: %o', async (fault) => {
    fail('PutObject', fault, fault)
    await hastily().put('texts/a', bytes)
    expect(double.stored.get('texts/a')?.bytes).toEqual(bytes)
  })

  it.each([...passing, { fault: 'cut' } as const, { fault: 'stall' } as const])('get: %o', async (fault) => {
    await hastily().put('texts/a', bytes)
    fail('GetObject', fault)
    expect(Buffer.from((await hastily().get('texts/a')) ?? [])).toEqual(bytes)
  })

  it.each(passing)('first: %o', async (fault) => {
    await hastily().put('texts/a', bytes)
    fail('ListObjectsV2', fault)
    expect(await hastily().first('texts/')).toBe('texts/a')
  })

  it.each([...passing, { fault: 'lose-answer' } as const])('replaceServed: %o', async (fault) => {
    fail('PutObject', fault)
    expect(await hastily().replaceServed('served/a', bytes, undefined)).toBe(true)
    const tag = (await hastily().readServed('served/a'))?.tag
    double.seen.length = 0
    expect(await hastily().replaceServed('served/a', Buffer.from('next'), tag)).toBe(true)
    expect(double.served.get('served/a')?.bytes.toString()).toBe('next')
  })

  it('for ten seconds, with jitter, and then the store is unavailable', async () => {
    double.decide = () => slowDown
    let now = 0
    const slept: number[] = []
    const sleep = async (ms: number) => {
      slept.push(ms)
      now += ms
    }
    const refusal = objects({ clock: () => now, sleep, random: () => 0.999 }).put('texts/a', bytes)
    await expect(refusal).rejects.toMatchObject({ code: 'unavailable' })
    expect(slept.slice(0, 3).map(Math.round)).toEqual([25, 50, 100])
    expect(now).toBeLessThan(10_000)
    expect(now + 1_000).toBeGreaterThan(10_000)
    expect(double.stored.size).toBe(0)
  })

  it('but not beyond its deadline, also when nothing answers', async () => {
    double.decide = () => ({ fault: 'hang' })
    await expect(objects({ deadlineMs: 120 }).get('texts/a')).rejects.toMatchObject({ code: 'unavailable' })
    expect(operations()).toEqual(['GetObject'])
  })
})

describe('after an answer that was lost', () => {
  it('a put finds its own bytes, and that is fine', async () => {
    fail('PutObject', { fault: 'lose-answer' })
    await objects().put('texts/a', bytes)
    expect(operations()).toEqual(['PutObject', 'PutObject', 'GetObject'])
  })

  it('a replacement that another one overtook is not ours', async () => {
    double.decide = ({ operation, earlier }) => {
      if (operation !== 'PutObject' || earlier > 0) return undefined
      setImmediate(() => overtake('served/a', 'theirs'))
      return { fault: 'lose-answer' }
    }
    expect(await objects({ sleep: wait }).replaceServed('served/a', bytes, undefined)).toBe(false)
    expect(double.served.get('served/a')?.bytes.toString()).toBe('theirs')
  })

  it('a replacement that collides with itself waits for itself', async () => {
    fail('PutObject', { fault: 'lose-answer' }, conflict)
    expect(await objects().replaceServed('served/a', bytes, undefined)).toBe(true)
    expect(operations()).toEqual(['PutObject', 'PutObject', 'PutObject', 'GetObject'])
  })

  const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 20))
  function overtake(name: string, text: string): void {
    const held = name.startsWith('served/') ? double.served : double.stored
    const earlier = held.get(name)
    if (earlier) held.set(name, { ...earlier, bytes: Buffer.from(text), etag: '"theirs"' })
  }
})

describe('what does not pass is said at once', () => {
  it.each([
    [403, 'AccessDenied'],
    [404, 'NoSuchBucket'],
    [400, 'InvalidRequest'],
  ])('%i %s', async (status, code) => {
    double.decide = () => ({ fault: 'refuse', status, code })
    const refusal = { code: 'internal', message: `The object store refused the request: ${code}.` }
    await expect(objects().put('texts/a', bytes)).rejects.toMatchObject(refusal)
    await expect(objects().get('texts/a')).rejects.toMatchObject(refusal)
    await expect(objects().first('texts/')).rejects.toMatchObject(refusal)
    await expect(objects().replaceServed('served/a', bytes, undefined)).rejects.toMatchObject(refusal)
    expect(double.seen).toHaveLength(4)
  })

  it('a collision with another replacement, which is then the one that counts', async () => {
    fail('PutObject', conflict)
    expect(await objects().replaceServed('served/a', bytes, undefined)).toBe(false)
    expect(double.seen).toHaveLength(1)
  })

  it('bytes that are not those that were stored', async () => {
    await objects().put('texts/a', bytes)
    double.decide = ({ operation }) => (operation === 'GetObject' ? { fault: 'corrupt' } : undefined)
    await expect(objects().get('texts/a')).rejects.toMatchObject({ code: 'internal' })
  })

  it('a write-once object that is gone', async () => {
    double.decide = ({ operation }) =>
      operation === 'PutObject' ? { fault: 'refuse', status: 412, code: 'PreconditionFailed' } : undefined
    await expect(objects().put('texts/a', bytes)).rejects.toMatchObject({ code: 'internal' })
  })
})

describe('what is asked of S3', () => {
  it('a put: one request, whole, with its checksum, and only if there is none', async () => {
    await objects().put('texts/a', bytes)
    expect(double.seen).toHaveLength(1)
    const [request] = double.seen
    expect(request?.path).toBe(`/${double.bucket}/texts/a`)
    expect(request?.headers['if-none-match']).toBe('*')
    expect(request?.headers['x-amz-checksum-crc32']).toMatch(/^[A-Za-z0-9+/]{6}==$/)
    expect(request?.headers['content-encoding']).toBeUndefined()
    expect(request?.headers['content-length']).toBe(String(bytes.length))
  })

  it('a replacement: only the state that was read', async () => {
    await objects().replaceServed('served/a', bytes, undefined)
    const tag = (await objects().readServed('served/a'))?.tag
    await objects().replaceServed('served/a', Buffer.from('next'), tag)
    const conditions = double.seen
      .filter(({ operation }) => operation === 'PutObject')
      .map(({ headers }) => [headers['if-none-match'], headers['if-match']])
    expect(conditions).toEqual([
      ['*', undefined],
      [undefined, tag],
    ])
  })

  it('the first name: one name', async () => {
    await objects().first('log/acme/checkpoints/')
    expect(Object.fromEntries(double.seen[0]?.query ?? [])).toMatchObject({
      'list-type': '2',
      'max-keys': '1',
      prefix: 'log/acme/checkpoints/',
    })
  })

  const year = 'max-age=31536000, immutable'
  const text = 'text/plain; charset=utf-8'
  it.each([
    ['texts/0a', text, year],
    ['log/acme/tile/0/000', 'application/octet-stream', year],
    ['log/acme/tile/entries/x001/000.p/7', 'application/octet-stream', year],
    ['log/acme/checkpoints/999/999/999/999/999/998', text, year],
    ['served/acme/checkpoint', text, 'max-age=5'],
  ])('%s as %s, %s', async (name, contentType, cacheControl) => {
    if (name.startsWith('served/')) await objects().replaceServed(name, bytes, undefined)
    else await objects().put(name, bytes)
    const held = name.startsWith('served/') ? double.served : double.stored
    expect(held.get(name)).toMatchObject({ contentType, cacheControl })
  })
})

describe('the double is as strict as S3 and the bucket policy', () => {
  const put = (bucket: keyof S3Double['names'], name: string, headers: Record<string, string>) =>
    fetch(`${double.endpoint}/${double.names[bucket]}/${name}`, {
      method: 'PUT',
      body: 'hej',
      headers: {
        'x-amz-content-sha256': '9c478bf63e9500cb5db1e85ece82f18c8eb9e52e2f9135acd7f10972c8d563ba',
        ...headers,
      },
    }).then(async (answer) => [answer.status, /<Code>(\w+)</.exec(await answer.text())?.[1]])

  it.each<[keyof S3Double['names'], string, Record<string, string>, number, string | undefined]>([
    ['objects', 'texts/a', {}, 403, 'AccessDenied'],
    ['objects', 'texts/a', { 'if-match': '"x"' }, 403, 'AccessDenied'],
    ['served', 'served/a', {}, 403, 'AccessDenied'],
    ['objects', 'served/a', { 'if-none-match': '*' }, 403, 'AccessDenied'],
    ['served', 'texts/a', { 'if-none-match': '*' }, 403, 'AccessDenied'],
    ['served', 'served/a', { 'if-match': '"x"' }, 404, 'NoSuchKey'],
    ['objects', 'texts/a', { 'if-none-match': '"x"' }, 501, 'NotImplemented'],
    ['objects', 'texts/a', { 'if-none-match': '*', 'x-amz-checksum-crc32': 'AAAAAA==' }, 400, 'BadDigest'],
    ['objects', 'texts/a', { 'if-none-match': '*', 'x-amz-content-sha256': '00' }, 400, 'XAmzContentSHA256Mismatch'],
    ['objects', 'texts/a', { 'if-none-match': '*' }, 200, undefined],
  ])('%s: %s with %o: %i %s', async (bucket, name, headers, status, code) => {
    expect(await put(bucket, name, headers)).toEqual([status, code])
  })
})
