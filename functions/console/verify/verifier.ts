/** The verifier for a page. All of it is loaded before a page gets it, so that it needs no network afterwards. */
import type { Examination } from './examine.ts'
import type { VerifierAnswers, VerifierReply, VerifierRequest } from './verifier-worker.ts'
import { workerPolicyName } from './worker-policy.ts'

/** Rejects a request that the reader stopped. */
export class Stopped extends Error {
  constructor() {
    super('stopped')
    this.name = 'Stopped'
  }
}

export interface Verifier {
  /** Rejects with the browser's reason when the file cannot be read, and with `Stopped`. */
  examine(examination: Examination): Promise<VerifierAnswers['examine']>
  controllerOf(file: Blob): Promise<string | undefined>
  /** Ends what is running. The next request starts anew. */
  stop(): void
  /** Ends the verifier. */
  close(): void
}

/** @throws Error when the code cannot be loaded */
export async function openVerifier(): Promise<Verifier> {
  const { verifierAddress } = await import('./verifier-worker.ts')
  const address = trusted(verifierAddress)
  let running = startWorker(address)
  try {
    await running.ask({ what: 'ready' })
  } catch (error) {
    running.end()
    throw error
  }
  return {
    examine: (examination) => running.ask({ what: 'examine', ...examination }),
    controllerOf: (file) => running.ask({ what: 'controller', file }),
    stop() {
      running.end()
      running = startWorker(address)
    },
    close: () => running.end(),
  }
}

interface RunningWorker {
  ask<R extends VerifierRequest>(request: R): Promise<VerifierAnswers[R['what']]>
  end(): void
}

function startWorker(address: string): RunningWorker {
  const worker = new Worker(address, { type: 'module' })
  const waiting = new Set<(error: Error) => void>()
  const rejectAll = (error: Error) => {
    for (const reject of waiting) reject(error)
    waiting.clear()
  }
  worker.addEventListener('error', ({ message }) => rejectAll(new Error(message || 'the verifier could not be loaded')))
  return {
    ask: <R extends VerifierRequest>(request: R) =>
      new Promise<VerifierAnswers[R['what']]>((resolve, reject) => {
        const { port1, port2 } = new MessageChannel()
        waiting.add(reject)
        port1.onmessage = ({ data }: MessageEvent<VerifierReply<VerifierAnswers[R['what']]>>) => {
          port1.close()
          waiting.delete(reject)
          if ('answer' in data) resolve(data.answer)
          else reject(new Error(data.failed))
        }
        worker.postMessage(request, [port2])
      }),
    end() {
      worker.terminate()
      rejectAll(new Stopped())
    },
  }
}

/** https://www.w3.org/TR/trusted-types/, for which TypeScript's library has no types. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: (address: string) => string },
  ): { createScriptURL(address: string): string }
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined

/** The address of a worker, in a form that a page with Trusted Types may start. Only a script of this origin is one. */
function trusted(address: string): string {
  const types = (globalThis as { readonly trustedTypes?: TrustedTypes }).trustedTypes
  if (types === undefined) return address
  policy ??= types.createPolicy(workerPolicyName, {
    createScriptURL(given) {
      if (new URL(given, location.href).origin !== location.origin) throw new TypeError(`${given} is of another origin`)
      return given
    },
  })
  return policy.createScriptURL(address)
}
