/**
 * How a server on one machine ends: once, in order, whatever asks for it. That is a signal to this process, or the death of npm,
 * which started it: npm's scripts replace its shell by the server (`exec`), so its parent is npm, which passes SIGINT and SIGTERM
 * on but can be killed without a word. A server that was not started by npm outlives whoever started it, as services do.
 */

/** The longest that the end may take, within the 10 s that `docker stop` waits. Then the kernel releases the lock, and the engines end. */
const patienceMs = 8_000
const lookForParentMs = 500

/**
 * @param script name of the npm script that starts the program
 * @param end closes everything; called once
 */
export function endWhenAsked(script: string, end: () => Promise<void>): void {
  let isEnding = false
  const stop = async () => {
    if (isEnding) return
    isEnding = true
    setTimeout(() => process.exit(1), patienceMs).unref()
    await end().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  // Whoever read what we print may be gone before us.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  if (process.env.npm_lifecycle_event === script) whenParentDies(stop)
}

/** An orphan gets another parent. */
function whenParentDies(stop: () => void): void {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) stop()
  }, lookForParentMs).unref()
}
