/**
 * Asks a witness over HTTP (https://c2sp.org/tlog-witness): one POST, no redirect, and of the answer as many bytes as a reply may have. The
 * addresses are the operator's own configuration, not those of strangers, so they may lead anywhere; they are `https:`, except on loopback
 * where that is allowed.
 */
import { type AskWitness, WitnessUnreachable } from '../../shared/ledger/log/ask-witnesses.ts'
import { formatAddCheckpoint, maxReplyBytes, readWitnessAnswer } from '../../shared/tlog/add-checkpoint.ts'
import type { AddressRules } from './safe-address.ts'

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Whether a witness may be asked at this address. */
export function isWitnessAddress(url: string, { allowsLoopback }: AddressRules): boolean {
  const { protocol, hostname } = URL.parse(url) ?? {}
  return protocol === 'https:' || (protocol === 'http:' && allowsLoopback && loopback.has(hostname ?? ''))
}

export function httpWitness(rules: AddressRules): AskWitness {
  return async (url, call, signal) => {
    if (!isWitnessAddress(url, rules)) throw new WitnessUnreachable('no-https')
    const response = await fetch(`${url}/add-checkpoint`, {
      method: 'POST',
      body: formatAddCheckpoint(call),
      headers: { 'content-type': 'text/plain; charset=utf-8', 'user-agent': 'consent-ledger' },
      redirect: 'error',
      signal,
    }).catch((error: unknown) => {
      throw unreachable(signal, error)
    })
    const body = await boundedBody(response, signal)
    return readWitnessAnswer(response.status, response.headers.get('content-type') ?? '', body)
  }
}

async function boundedBody(response: Response, signal: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for await (const part of response.body ?? []) {
      length += part.length
      // Leaving the loop ends the connection.
      if (length > maxReplyBytes) throw new WitnessUnreachable('reply-too-long')
      parts.push(part)
    }
  } catch (error) {
    throw error instanceof WitnessUnreachable ? error : unreachable(signal, error)
  }
  return Buffer.concat(parts)
}

/** A stable word: the error's own message may hold the address. */
function unreachable(signal: AbortSignal, cause: unknown): WitnessUnreachable {
  return new WitnessUnreachable(signal.aborted ? 'timeout' : 'unreachable', { cause })
}
