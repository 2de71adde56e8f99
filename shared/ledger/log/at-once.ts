/**
 * Does the work for each, beginning with the first, and has at most so many under way. After one that failed it begins no more, and it throws
 * that error.
 *
 * @returns the results, in the order of `all`
 */
export async function atOnce<One, Result>(
  most: number,
  all: readonly One[],
  work: (one: One) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const line = async (): Promise<void> => {
    while (next < all.length) {
      const index = next++
      // The cast is right, because `index` is within the list.
      const one = all[index] as One
      results[index] = await work(one).catch((error: unknown) => {
        next = all.length
        throw error
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, all.length) }, line))
  return results
}
