/**
 * How the work of a function grows with the size of what it is given, as a ratio of two sizes measured in the same run. A machine
 * that is slow or busy slows both sizes alike, so the ratio can be asserted where a number of milliseconds cannot.
 */

const rounds = 3
/** Shorter measurements are repeated: below this the clock's own steps would decide. */
const leastCpuUs = 4_000

/**
 * The CPU time of `run(large)` divided by that of `run(small)`: about `large / small` for linear work, its square for quadratic.
 * Each size is measured several times in turn, and its least time counts: other load can only add.
 */
export function growth(small: number, large: number, run: (size: number) => unknown): number {
  run(small)
  const times = Array.from({ length: rounds }, () => [cpuUs(() => run(small)), cpuUs(() => run(large))] as const)
  return Math.min(...times.map(([, ofLarge]) => ofLarge)) / Math.min(...times.map(([ofSmall]) => ofSmall))
}

/** CPU time of this thread for one call, in microseconds: what other processes do does not count. */
function cpuUs(run: () => unknown): number {
  for (let calls = 1; ; calls *= 4) {
    const begin = process.threadCpuUsage()
    for (let i = 0; i < calls; i++) run()
    const { user, system } = process.threadCpuUsage(begin)
    if (user + system >= leastCpuUs) return (user + system) / calls
  }
}
