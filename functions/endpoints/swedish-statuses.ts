/** Answers about statuses, with Swedish sentences for callers that prefer Swedish. */
import type { StatusAnswer } from '../../shared/consent/status-answer.ts'
import { type Answer, type Call, header, ok } from '../http/call.ts'
import { readsSwedish } from '../http/language.ts'

interface Answers {
  readonly at: string
  readonly consents: readonly (StatusAnswer & { readonly purposeId?: string; readonly policyId?: string })[]
}

/** The answer's `language` is `sv` when its sentences are Swedish, and absent when they are English. Codes do not change. */
export async function answerInLanguage<A extends Answers>(call: Call, answers: A): Promise<Answer> {
  if (!readsSwedish(header(call, 'accept-language'))) return ok(answers)
  const { swedishKnownThen, swedishSentence } = await import('../../shared/consent/sentence-sv.ts')
  const consents = answers.consents.map((answer) => {
    // The sentence compares the status with `knownThen`, which has no topic.
    const { purposeId, policyId, ...status } = answer
    const target = purposeId ?? `policy/${policyId}`
    const knownThen = { ...answer.knownThen, sentence: swedishKnownThen(status, target, answers.at) }
    return { ...answer, knownThen, sentence: swedishSentence(status, target, answers.at) }
  })
  return ok({ ...answers, language: 'sv', consents }, { 'content-language': 'sv' })
}
