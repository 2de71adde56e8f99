/** Answers about statuses with their sentences in the caller's language. The sentences are the only words in them for people. */
import type { StatusAnswer } from '../../shared/consent/status-answer.ts'
import { type Answer, type Call, header, ok } from '../http/call.ts'
import { localeIn } from '../http/language.ts'

/** English, unless Swedish comes first in Accept-Language. */
export function readsSwedish(acceptLanguage: string | undefined): boolean {
  return localeIn(['en', 'sv'], acceptLanguage) === 'sv'
}

interface Answers {
  readonly at: string
  readonly consents: readonly (StatusAnswer & { readonly purposeId?: string; readonly policyId?: string })[]
}

/** `language` is `sv` when the sentences are Swedish, and absent when they are English. Codes are the same in both. */
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
