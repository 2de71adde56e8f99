/** One schema per record: what is served and what is verified have the members that the record has, at every depth. */
import { expect, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import * as answers from '../../shared/api/schemas/answers.ts'
import { controllerDraft } from '../../shared/api/schemas/controllers.ts'
import { proof } from '../../shared/api/schemas/proof.ts'
import type * as client from '../../shared/client/ledger-answers.ts'
import * as controllers from '../../shared/consent/controller.ts'
import { policyVersion } from '../../shared/consent/policy.ts'
import { consentProof } from '../../shared/consent/proof-file.ts'
import { type Receipt, receipt } from '../../shared/consent/receipt-file.ts'
import type { Shape } from '../../shared/consent/schema.ts'
import * as sites from '../../shared/consent/site.ts'
import { type StatusAnswer, statusAnswer } from '../../shared/consent/status-answer.ts'
import * as forms from '../../shared/verify/forms-proof.ts'

/** Paths of all members of a record. */
function* membersOf(shape: Shape, at = ''): Generator<string> {
  if (shape.is === 'record') {
    for (const [name, member] of Object.entries(shape.members)) {
      if (member.is === 'absent') continue
      yield `${at}/${name}`
      yield* membersOf(member, `${at}/${name}`)
    }
  } else if (shape.is === 'optional' || shape.is === 'list') yield* membersOf(shape.of, at)
  else if (shape.is === 'either') for (const each of shape.of) yield* membersOf(each, at)
}

/** The same of a zod schema. */
function* parsedBy(schema: z.core.$ZodType, at = ''): Generator<string> {
  if (schema instanceof z.ZodObject) {
    for (const [name, member] of Object.entries<z.ZodType>(schema.shape)) {
      yield `${at}/${name}`
      yield* parsedBy(member, `${at}/${name}`)
    }
  } else if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    yield* parsedBy(schema.unwrap() as z.ZodType, at)
  else if (schema instanceof z.ZodArray) yield* parsedBy(schema.element as z.ZodType, at)
  else if (schema instanceof z.ZodUnion) for (const each of schema.options) yield* parsedBy(each as z.ZodType, at)
}

/** `apart`: members whose own members the reader takes in any form and compares later, or whose form another specification states. */
it.each<[string, Shape, z.ZodType, RegExp?]>([
  ['proof, served', consentProof, proof],
  ['proof, verified', consentProof, forms.consentProof, /^\/(joint\/(subjects\/proof\/)?)?answer\//],
  ['receipt, served', receipt, answers.receipt],
  ['receipt, verified', receipt, forms.receipt, /^\/(times|decisions|link|record)(\/|$)/],
  ['answer', statusAnswer, answers.statusAnswer],
  ['version', policyVersion, answers.version],
  ['controller, requested', controllers.controllerDraft, controllerDraft],
  ['controller, served', controllers.controller, answers.controller],
  ['controller, for everyone', controllers.publicController, answers.policies.shape.controller],
  ['site', sites.site, answers.site],
])('%s', (_, record, reader, apart = /^$/) => {
  const unique = (paths: Iterable<string>) => [...new Set(paths)].filter((path) => !apart.test(path)).sort()
  const members = unique(membersOf(record))
  expect(members.length).toBeGreaterThan(4)
  expect(unique(parsedBy(reader))).toEqual(members)
})

it('the browser client reads members that a receipt and an answer have', () => {
  expectTypeOf<Receipt>().toExtend<client.Receipt>()
  expectTypeOf<StatusAnswer>().toExtend<Omit<client.TopicAnswer, 'purposeId' | 'policyId'>>()
})
