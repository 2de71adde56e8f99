/**
 * Calls back when the clock has passed an instant. A browser's timer stands still while the machine sleeps, and ends at once when it is longer
 * than 24.8 days (https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html), so the clock is looked at again and again.
 */
const longestMs = 30_000

/**
 * @param instant milliseconds since 1970
 * @returns ends the waiting
 */
export function atInstant(instant: number, then: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = () => {
    const left = instant - Date.now()
    if (left <= 0) then()
    else timer = setTimeout(look, Math.min(left, longestMs))
  }
  timer = setTimeout(look)
  return () => clearTimeout(timer)
}
