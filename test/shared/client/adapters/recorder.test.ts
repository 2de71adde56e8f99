/** What a banner says under its own names becomes one event about the ledger's purposes. */
import { describe, expect, it, vi } from 'vitest'
import {
  type AdapterOptions,
  controlOf,
  guard,
  type NamedDecision,
  recordNamed,
} from '../../../../shared/client/adapters/recorder.ts'
import { keepingConsent } from './recorded.ts'

const yes = (name: string): NamedDecision => ({ name, decision: true, initially: 'off' })
const no = (name: string): NamedDecision => ({ name, decision: false, initially: 'off' })
const on = (name: string): NamedDecision => ({ name, decision: true, initially: 'on' })

function recorded(purposes: AdapterOptions['purposes'], named: readonly NamedDecision[], more = {}, how = {}) {
  const { kept, errors, ...options } = keepingConsent()
  recordNamed({ ...options, purposes, ...more }, named, how)
  return { kept, errors }
}

describe('names and purposes', () => {
  it.each<[string, AdapterOptions['purposes'], NamedDecision[], object, object]>([
    ['one to one', { a: 'x', b: 'y' }, [yes('a'), no('b')], { x: true, y: false }, { x: 'off', y: 'off' }],
    ['one to several', { a: ['x', 'y'] }, [yes('a')], { x: true, y: true }, { x: 'off', y: 'off' }],
    ['several to one, of which one is a no', { a: 'x', b: 'x' }, [no('a'), on('b')], { x: false }, { x: 'on' }],
    ['the same the other way round', { a: 'x', b: 'x' }, [on('b'), no('a')], { x: false }, { x: 'on' }],
    [
      'an objection among what was shown',
      { a: 'x', b: 'x' },
      [
        { name: 'a', decision: 'requested' },
        { name: 'b', decision: 'objected' },
      ],
      { x: 'objected' },
      {},
    ],
  ])('%s', (_what, purposes, named, decisions, initialState) => {
    expect(recorded(purposes, named)).toMatchObject({ kept: [{ decisions, how: { initialState } }], errors: [] })
  })

  it('reports a name without a purpose, unless it is mapped to none deliberately', () => {
    const { kept, errors } = recorded({ a: 'x', c: [] }, [yes('a'), no('b'), no('c'), yes('d')])
    expect(kept[0]?.decisions).toEqual({ x: true })
    expect(errors).toEqual([{ code: 'unmapped', detail: 'b, d' }])
  })

  it('records nothing when nothing stands for a purpose', () => {
    expect(recorded({}, [yes('a')]).kept).toEqual([])
  })
})

describe('how it was asked', () => {
  it.each([
    ['nothing said', {}, undefined],
    ['a policy', { policy: { policyId: 'p' } }, ['p']],
    ['a version', { policy: { policyId: 'p', version: '2' } }, [{ policyId: 'p', version: '2' }]],
  ])('what was shown: %s', (_what, more, shown) => {
    expect(recorded({ a: 'x' }, [yes('a')], more).kept[0]?.how.shown).toEqual(shown)
  })

  it('names the presentation where the banner was seen', () => {
    const seen = (how: object) => recorded({ a: 'x' }, [yes('a')], { presentationId: 'banner' }, how).kept[0]?.how
    expect([seen({ layer: 2 })?.presentationId, seen({})?.presentationId]).toEqual(['banner', undefined])
  })

  it.each([
    [{ layer: 1, control: 'accept-all' }, undefined],
    [{ layer: 1, control: 'save-choices' }, { x: 'on' }],
    [{ layer: 2, control: 'accept-all' }, { x: 'on' }],
  ])('controls as they were shown: %j', (how, initialState) => {
    expect(recorded({ a: 'x' }, [on('a')], {}, how).kept[0]?.how.initialState).toEqual(initialState)
  })

  it.each([
    [[yes('a'), yes('b')], 'accept-all'],
    [[yes('a'), no('b')], 'save-choices'],
    [[no('a'), no('b')], 'refuse-all'],
    [[yes('a'), { name: 'b', decision: 'requested' }], 'accept-all'],
    [[no('a'), { name: 'b', decision: 'requested' }], 'refuse-all'],
    [[yes('a'), { name: 'b', decision: 'objected' }], 'save-choices'],
  ] as const)('the control of an outcome: %#', (named, control) => expect(controlOf(named)).toBe(control))
})

it.each([true, false])('reports to its own onError, or to the client’s if it has none: %s', (hasOwn) => {
  const [own, clients] = [vi.fn(), vi.fn()]
  const { consent } = keepingConsent()
  const options = { consent: { ...consent, onError: clients }, purposes: {}, ...(hasOwn && { onError: own }) }
  recordNamed(options, [yes('a')])
  guard(options, () => {
    throw new Error('no')
  })
  const [called, other] = hasOwn ? [own, clients] : [clients, own]
  expect(called.mock.calls).toEqual([[{ code: 'unmapped', detail: 'a' }], [{ code: 'failed', detail: 'Error: no' }]])
  expect(other).not.toHaveBeenCalled()
})

it('keeps errors from the page, including errors of the onError callback itself', () => {
  const { errors, onError } = keepingConsent()
  const fails = () => {
    throw new Error('no')
  }
  expect(guard({ onError }, fails)).toBeUndefined()
  expect(errors).toEqual([{ code: 'failed', detail: 'Error: no' }])
  expect(guard({ onError: fails }, fails)).toBeUndefined()
})
