/**
 * The verifier in a worker, so that a large file does not block the page and can be stopped. A page imports this module only to learn its
 * address; in the worker that is started with it, it answers requests, each on the port that came with it.
 */
import type { Examination, Found } from './examine.ts'

export const verifierAddress = import.meta.url

export type VerifierRequest =
  /** Answered when all code is loaded: afterwards the worker needs no network. */
  | { readonly what: 'ready' }
  | ({ readonly what: 'examine' } & Examination)
  | { readonly what: 'controller'; readonly file: Blob }

export interface VerifierAnswers {
  readonly ready: true
  readonly examine: Found
  readonly controller: string | undefined
}

export type VerifierReply<T> = { readonly answer: T } | { readonly failed: string }

if (!('document' in globalThis)) {
  const code = import('./examine.ts')
  const answer = async (request: VerifierRequest): Promise<VerifierAnswers[VerifierRequest['what']]> => {
    const { examine, examineController } = await code
    if (request.what === 'ready') return true
    return request.what === 'examine' ? examine(request) : examineController(request.file)
  }
  addEventListener('message', ({ data, ports: [port] }: MessageEvent<VerifierRequest>) => {
    answer(data).then(
      (found) => port?.postMessage({ answer: found }),
      (error: unknown) => port?.postMessage({ failed: error instanceof Error ? error.message : String(error) }),
    )
  })
}
