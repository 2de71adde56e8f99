import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Batching, coalesce, type RetryOptions, type Verdict } from '../../../functions/aws/batching.ts'

type Sent = {
  readonly requests: readonly string[]
  answer(verdicts: readonly Verdict<string>[]): void
  fail(error: Error): void
}

/** A queue over calls that the test answers by hand; time passes only when it says so. */
function harness(changes: Partial<Batching<string, string>> = {}, deadlineMs = 10_000, retryMs?: number) {
  const sent: Sent[] = []
  const sleeps: number[] = []
  let now = 0
  const retry: RetryOptions = {
    clock: () => now,
    random: () => 0.5,
    deadlineMs,
    retryMs,
    async sleep(ms) {
      sleeps.push(ms)
      now += ms
    },
  }
  const ask = coalesce<string, string>(
    {
      maxItems: 3,
      maxInFlight: 2,
      equalKeys: 'wait',
      keyOf: (request) => request.charAt(0),
      isTransient: (error) => error instanceof Error && error.message === 'passing',
      send(requests) {
        const { promise, resolve, reject } = Promise.withResolvers<readonly Verdict<string>[]>()
        sent.push({ requests, answer: resolve, fail: reject })
        return promise
      },
      ...changes,
    },
    retry,
  )
  return { ask, sent, sleeps, wait: (ms: number) => (now += ms) }
}

const oneTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
/** What is asked in one turn is sent at its end, so what comes of it is seen in the next. */
const turn = async (): Promise<void> => {
  await oneTurn()
  await oneTurn()
}
const echo = (call: Sent | undefined): void =>
  call?.answer(call.requests.map((request) => ({ result: request.toUpperCase() })))

describe('coalescing', () => {
  test('a request on an idle queue is sent at the end of its turn, with what else that turn asks for', async () => {
    const { ask, sent } = harness()
    ask(['a'])
    await Promise.resolve().then(() => ask(['b']))
    await oneTurn()
    ask(['c'])
    await oneTurn()
    expect(sent.map(({ requests }) => requests)).toEqual([['a', 'b'], ['c']])
  })

  test('with two calls under way the rest share the next, in order, up to the size of a batch', async () => {
    const { ask, sent } = harness()
    const answers = ask(['a'])
    await turn()
    answers.push(...ask(['b']))
    await turn()
    for (const request of 'cdefg') answers.push(...ask([request]))
    await turn()
    expect(sent.map(({ requests }) => requests)).toEqual([['a'], ['b']])
    echo(sent[0])
    await turn()
    expect(sent.slice(2).map(({ requests }) => requests)).toEqual([['c', 'd', 'e']])
    for (let next = 1; next < 4; next++) {
      echo(sent[next])
      await turn()
    }
    expect(sent.slice(3).map(({ requests }) => requests)).toEqual([['f', 'g']])
    expect(await Promise.all(answers)).toEqual([...'ABCDEFG'])
  })

  test('equal keys wait for the next batch, first come first', async () => {
    const { ask, sent } = harness({ maxInFlight: 1 })
    const answers = ask(['a1', 'a2', 'b1', 'a3', 'c1'])
    await turn()
    const batches: (readonly string[])[] = []
    for (let next = 0; sent[next] !== undefined; next++) {
      batches.push(sent[next]?.requests ?? [])
      echo(sent[next])
      await turn()
    }
    expect(batches).toEqual([['a1', 'b1', 'c1'], ['a2'], ['a3']])
    expect(await Promise.all(answers)).toEqual(['A1', 'A2', 'B1', 'A3', 'C1'])
  })

  test('equal keys share one request when they may, but never one already sent', async () => {
    const { ask, sent } = harness({ maxInFlight: 1, equalKeys: 'share' })
    const answers = ask(['a1'])
    await turn()
    answers.push(...ask(['a2', 'b1', 'a3']))
    echo(sent[0])
    await turn()
    expect(sent[1]?.requests).toEqual(['a2', 'b1'])
    echo(sent[1])
    expect(await Promise.all(answers)).toEqual(['A1', 'A2', 'B1', 'A2'])
  })
})

describe('failing calls', () => {
  test('one that fails in passing is sent again whole, after a jittered delay that doubles', async () => {
    const { ask, sent, sleeps } = harness()
    const answers = ask(['a', 'b'])
    await turn()
    for (let failed = 0; failed < 3; failed++) {
      sent[failed]?.fail(new Error('passing'))
      await turn()
    }
    expect(sent.map(({ requests }) => requests)).toEqual(Array(4).fill(['a', 'b']))
    expect(sleeps).toEqual([12.5, 25, 50])
    echo(sent[3])
    expect(await Promise.all(answers)).toEqual(['A', 'B'])
  })

  test('one refused as a whole is taken apart, and only the guilty fails', async () => {
    const { ask, sent } = harness()
    const answers = ask(['a', 'b', 'c']).map((answer) => answer.catch((error: Error) => error.message))
    await turn()
    sent[0]?.fail(new Error('b is bad'))
    await turn()
    for (let next = 1; sent[next] !== undefined; next++) {
      const call = sent[next]
      expect(call?.requests).toHaveLength(1)
      if (call?.requests[0] === 'b') call.fail(new Error('b is bad'))
      else echo(call)
      await turn()
    }
    expect(await Promise.all(answers)).toEqual(['A', 'b is bad', 'C'])
  })

  test('verdicts are for each request: done, failed for good, again', async () => {
    const { ask, sent } = harness()
    const answers = ask(['a', 'b', 'c']).map((answer) => answer.catch((error: Error) => error.message))
    await turn()
    sent[0]?.answer([
      { result: 'A' },
      { error: new Error('no'), transient: false },
      { error: new Error('slow down'), transient: true },
    ])
    await turn()
    expect(sent[1]?.requests).toEqual(['c'])
    echo(sent[1])
    expect(await Promise.all(answers)).toEqual(['A', 'no', 'C'])
  })

  test('an answer that leaves a request out says nothing of it: it is asked again', async () => {
    const { ask, sent } = harness()
    const answers = ask(['a', 'b'])
    await turn()
    sent[0]?.answer([{ result: 'A' }])
    await turn()
    expect(sent[1]?.requests).toEqual(['b'])
    echo(sent[1])
    expect(await Promise.all(answers)).toEqual(['A', 'B'])
  })

  test('what fails until its deadline is unavailable, with the cause', async () => {
    const { ask, sent } = harness({}, 1_000)
    const answer = ask(['a'])[0]?.catch((error: unknown) => error)
    await turn()
    for (let next = 0; sent[next] !== undefined; next++) {
      sent[next]?.fail(new Error('passing'))
      await turn()
    }
    expect(await answer).toMatchObject({ code: 'unavailable', cause: { message: 'passing' } })
    expect(sent.length).toBeGreaterThan(3)
  })

  test('what waited too long behind others is unavailable, and is not sent', async () => {
    const { ask, sent, wait } = harness({ maxInFlight: 1 }, 1_000)
    ask(['a'])
    await turn()
    const late = ask(['b'])[0]?.catch((error: unknown) => error)
    wait(1_000)
    echo(sent[0])
    expect(await late).toMatchObject({ code: 'unavailable' })
    expect(sent).toHaveLength(1)
  })

  test('what fails is not tried again after the time for that, while a slow call still has the whole deadline', async () => {
    const { ask, sent, sleeps, wait } = harness({}, 10_000, 100)
    const [failing] = ask(['a'])
    const refused = expect(failing).rejects.toMatchObject({ code: 'unavailable', cause: { message: 'passing' } })
    for (let tries = 0; tries < sent.length + 1 && sent.length < 10; tries++) {
      await turn()
      sent[tries]?.fail(new Error('passing'))
      await turn()
    }
    await refused
    expect(sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(100)
    const made = sent.length
    const [slow] = ask(['b'])
    await turn()
    wait(9_000)
    echo(sent[made])
    expect(await slow).toBe('B')
  })

  test('a call without an answer is aborted at the deadline', async () => {
    const { ask } = harness(
      {
        send: (_, signal) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      },
      20,
    )
    // The harness's clock stands still: without an abort of its own this would wait until the test's limit.
    const answer = ask(['a'])[0]?.catch((error: unknown) => error)
    expect(await answer).toMatchObject({ code: 'unavailable' })
  })
})

test('whatever fails and however calls interleave, each request gets its own answer, and no batch breaks the rules', async () => {
  const scenario = fc.record({
    requests: fc.array(fc.tuple(fc.constantFrom(...'abcde'), fc.nat(9)), { minLength: 1, maxLength: 40 }),
    share: fc.boolean(),
    seed: fc.infiniteStream(fc.nat(9)),
  })
  await fc.assert(
    fc.asyncProperty(scenario, async ({ requests, share, seed }) => {
      let open = 0
      const next = (): number => seed.next().value ?? 0
      const { ask } = harness(
        {
          equalKeys: share ? 'share' : 'wait',
          async send(batch) {
            open++
            expect(open).toBeLessThanOrEqual(2)
            expect(batch.length).toBeLessThanOrEqual(3)
            expect(new Set(batch.map((request) => request.charAt(0))).size).toBe(batch.length)
            if (next() < 5) await turn()
            open--
            if (next() === 0) throw new Error('passing')
            if (batch.length > 1 && next() === 0) throw new Error('refused as a whole')
            return batch.map((request) =>
              next() === 0
                ? { error: new Error('slow down'), transient: true }
                : { result: share ? request.charAt(0) : request },
            )
          },
        },
        1e9,
      )
      const asked = requests.map(([key, n]) => `${key}${n}`)
      const answers = await Promise.all(asked.flatMap((request) => ask([request])))
      expect(answers).toEqual(share ? asked.map((request) => request.charAt(0)) : asked)
    }),
    { numRuns: 60 },
  )
})
