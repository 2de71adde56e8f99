/**
 * The public pages of controllers and their policies: HTML for people, without script. What answers them is loaded with the first page,
 * because most calls of this function are for programs.
 */
import type { Endpoint } from '../http/call.ts'
import type { StoredTexts } from './policies.ts'

export function publicPageEndpoints(stored: StoredTexts) {
  let answers: Promise<ReturnType<typeof import('./public-answers.ts')['publicAnswers']>> | undefined

  const answered =
    (name: 'policies' | 'policy' | 'version' | 'difference' | 'feed') => async (call: Parameters<Endpoint>[0]) => {
      answers ??= import('./public-answers.ts').then(({ publicAnswers }) => publicAnswers(stored))
      return (await answers)[name](call)
    }
  return {
    showPolicies: answered('policies'),
    showPolicy: answered('policy'),
    showVersion: answered('version'),
    showDifference: answered('difference'),
    getFeed: answered('feed'),
  } satisfies Record<string, Endpoint>
}
