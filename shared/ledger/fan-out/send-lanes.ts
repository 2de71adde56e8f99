/**
 * Sends messages in lanes: those of a lane one after the other, several lanes at once. A message that fails holds back the later ones of its lane.
 * When several attempts in a row have failed, over all lanes, the receiver is down or refuses everything: the rest is not tried.
 */
import type { ReadyMessage } from './message-source.ts'

/** What became of one attempt. Only a status of 2xx is a success: a redirect is not followed. */
export interface Attempt {
  readonly isDelivered: boolean
  readonly status?: number | undefined
  /** Why there was no answer, as a short stable word. */
  readonly error?: string | undefined
  /** What the receiver asked for (`Retry-After`). */
  readonly retryAfterMs?: number | undefined
}

/** Sends one message. Never throws. */
export type Send = (url: string, message: ReadyMessage) => Promise<Attempt>

export interface Sent {
  readonly message: ReadyMessage
  /** Absent: it was not tried. */
  readonly attempt?: Attempt
}

export const lanesAtOnce = 8
const failuresUntilPause = 5
export const gone = 410

/** @param mayGoOn false ends the sending before the next message, as when the worker's time is up */
export async function sendLanes(
  send: Send,
  url: string,
  messages: readonly ReadyMessage[],
  { lanes = lanesAtOnce, mayGoOn }: { readonly lanes?: number; readonly mayGoOn: () => boolean },
): Promise<Sent[]> {
  const attempts = new Map<ReadyMessage, Attempt>()
  const byLane = Map.groupBy(messages, ({ lane }) => lane)
  const waiting = [...byLane.values()]
  let failedInARow = 0
  let isGone = false
  const goesOn = () => !isGone && failedInARow < failuresUntilPause && mayGoOn()

  async function lane(): Promise<void> {
    for (let own = waiting.shift(); own !== undefined; own = waiting.shift()) {
      for (const message of own) {
        if (!goesOn()) return
        const attempt = await send(url, message)
        attempts.set(message, attempt)
        if (attempt.status === gone) isGone = true
        failedInARow = attempt.isDelivered ? 0 : failedInARow + 1
        if (!attempt.isDelivered) break
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, waiting.length) }, lane))
  return messages.map((message) => {
    const attempt = attempts.get(message)
    return { message, ...(attempt && { attempt }) }
  })
}
