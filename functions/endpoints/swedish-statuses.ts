/** Answers about statuses, with Swedish sentences for callers that prefer Swedish. */
import type { StatusAnswer } from '../../shared/consent/status-answer.ts'
import { type Answer, type Call, header, ok } from '../http/call.ts'
import { readsSwedish } from '../http/language.ts'

type Answered = StatusAnswer & { readonly purposeId?: string; readonly policyId?: string }

interface Answers {
  readonly at: string
  readonly consents: readonly Answered[]
  /** What linked subjects amount to together. */
  readonly joint?: { readonly consents: readonly Answered[] }
  /** The device that the request proved beside the account. */
  readonly device?: { readonly consents: readonly Answered[] }
}

/** Whether recent headers prefer Swedish: browsers send few different ones, and reading one takes as long as computing a status. */
const recentHeaders = new Map<string, boolean>()
const maxRecentHeaders = 256

function prefersSwedish(acceptLanguage = ''): boolean {
  const found = recentHeaders.get(acceptLanguage) ?? readsSwedish(acceptLanguage)
  if (recentHeaders.size >= maxRecentHeaders) recentHeaders.clear()
  recentHeaders.set(acceptLanguage, found)
  return found
}

/** The answer's `language` is `sv` when its sentences are Swedish, and absent when they are English. Codes do not change. */
export async function answerInLanguage<A extends Answers>(call: Call, answers: A): Promise<Answer> {
  if (!prefersSwedish(header(call, 'accept-language'))) return ok(answers)
  const { swedishKnownThen, swedishSentence } = await import('../../shared/consent/sentence-sv.ts')
  const { joint, device, at } = answers
  const translated = <Part extends Pick<Answers, 'consents'>>(part: Part) => ({
    ...part,
    consents: part.consents.map((answer) => {
      const target = answer.purposeId ?? `policy/${answer.policyId}`
      const knownThen = { ...answer.knownThen, sentence: swedishKnownThen(answer, target, at) }
      return { ...answer, knownThen, sentence: swedishSentence(answer, target, at) }
    }),
  })
  return ok(
    {
      ...translated(answers),
      ...(joint && { joint: translated(joint) }),
      ...(device && { device: translated(device) }),
      language: 'sv',
    },
    { 'content-language': 'sv' },
  )
}
