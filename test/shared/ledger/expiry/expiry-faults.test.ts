/** Random histories, with runs that are killed or lose an answer at any storage call, and runs at once: each end is announced once, and no other is. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LedgerError } from '../../../../shared/errors.ts'
import { day, expiryWorld, given } from './expiry-world.ts'

type Action =
  | { readonly kind: 'say'; readonly person: number; readonly purposeId: 'mail' | 'calls'; readonly isYes: boolean }
  | { readonly kind: 'wait'; readonly hours: number }
  | {
      readonly kind: 'run'
      readonly faultAt: number
      readonly mode: 'killed' | 'answer-lost'
      readonly steps: number
      readonly atOnce: boolean
    }

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('say' as const),
      person: fc.nat(3),
      purposeId: fc.constantFrom('mail' as const, 'calls' as const),
      isYes: fc.constantFrom(true, true, true, false),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 300 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('run' as const),
      faultAt: fc.integer({ min: 1, max: 90 }),
      mode: fc.constantFrom('killed' as const, 'answer-lost' as const),
      steps: fc.integer({ min: 0, max: 12 }),
      atOnce: fc.boolean(),
    }),
  },
)

const daysOf = { mail: 30, calls: 20 } as const
const ahead = 10
const minute = 1 / 1440

test('each end is announced once, whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 6, maxLength: 30 }), async (actions) => {
      let left = Number.POSITIVE_INFINITY
      let mode: 'killed' | 'answer-lost' = 'killed'
      const world = await expiryWorld({
        fault() {
          left--
          if (left > 0 || (left < 0 && mode === 'answer-lost')) return undefined
          return mode === 'killed' ? 'before' : 'after'
        },
      })
      await world.endpoint('crm', { types: ['consent.expired', 'consent.expiring'], expiringDays: ahead })
      // What is expected, by the calendar alone: the latest yes of each person and purpose, in days since the start.
      const yeses = new Map<string, { readonly purposeId: string; readonly endsAt: number }>()
      const expected = new Set<string>()
      let now = 0
      const look = () => {
        for (const [key, { endsAt }] of yeses) {
          if (endsAt <= now - minute) expected.add(`expired ${key} ${day(endsAt)}`)
          else if (endsAt > now && endsAt <= now - minute + ahead) expected.add(`expiring ${key} ${day(endsAt)}`)
        }
      }
      const whole: Action = { kind: 'run', faultAt: 0, mode: 'killed', steps: 0, atOnce: false }
      for (const each of [...actions, { kind: 'wait', hours: 24 * 31 } as const, whole]) {
        if (each.kind === 'wait') {
          now += each.hours / 24
          world.at(now)
        } else if (each.kind === 'say') {
          const { person, purposeId, isYes } = each
          // At one instant the no counts.
          now += minute
          world.at(now)
          await world.say(`person-${person}`, [{ purposeId, verb: isYes ? 'given' : 'withdrawn' }])
          const key = `${person} ${purposeId}`
          if (isYes) yeses.set(key, { purposeId, endsAt: now + daysOf[purposeId] })
          else yeses.delete(key)
        } else {
          await world.sequence()
          ;({ faultAt: left, mode } = each)
          let steps = each.steps
          world.arm(true)
          const refuse = (error: unknown) => {
            if (!(error instanceof LedgerError) || error.code !== 'unavailable') throw error
          }
          await world.run(() => steps-- > 0).catch(refuse)
          world.arm(false)
          // What the run left is done by the next, or by two of them at once; one that was overtaken leaves the rest to a third.
          await Promise.all(each.atOnce ? [world.run(), world.run()] : [])
          await world.run()
          look()
        }
      }
      const messages = await world.messages('crm')
      const people = new Map<string, string>()
      for (const person of [0, 1, 2, 3]) people.set(await world.subOf(`person-${person}`), String(person))
      const told = messages.map(
        ({ type, data }) =>
          `${type.slice('consent.'.length)} ${people.get(data.subject ?? '')} ${data.purposeId} ${data.expiresAt}`,
      )
      expect(told.toSorted()).toEqual([...expected].toSorted())
    }),
    { numRuns: 12 },
  )
})

const modes = ['before', 'after'] as const
/** A run of two ends inserts so many items at most. */
const inserts = [1, 2, 3, 4, 5, 6]

test.each(modes)('a run that is killed %s any of its inserts loses nothing and repeats nothing', async (mode) => {
  // In the run that finds the consents, in that which announces the first end, and in that of the second, within one hour.
  for (const [struck, at] of inserts.flatMap((each) => [0, 1, 2].map((run) => [run, each] as const))) {
    let left = Number.POSITIVE_INFINITY
    const world = await expiryWorld({
      fault(operation) {
        if (operation === 'insert') left--
        return left > 0 ? undefined : left === 0 ? mode : 'before'
      },
    })
    await world.endpoint('crm')
    await world.say('ada', given('mail'))
    world.at(20 * minute)
    await world.say('bo', given('mail', 'calls'))
    for (const [run, now] of [21 * minute, 30 + 5 * minute, 30 + 22 * minute].entries()) {
      world.at(now)
      await world.sequence()
      if (run === struck) {
        left = at
        world.arm(true)
        await world.run().catch(() => undefined)
        world.arm(false)
      }
      await world.run()
      await world.run()
    }
    world.at(31)
    await world.run()
    const told = (await world.told('crm')).toSorted()
    expect(told, `run ${struck}, insert ${at}`).toEqual([
      ...['expired calls 20.01', 'expired mail 30', 'expired mail 30.01'],
    ])
  }
})
