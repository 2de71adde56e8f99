/** Work that a page waits for: what it shows while it runs, when it is done, and when it failed. A newer start replaces an older one. */
import { useCallback, useRef, useState } from 'preact/hooks'

export type Work<T> =
  | { readonly state: 'idle' }
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown }

/** @returns the state of the work, and how to start it; the answer of a start that was overtaken is dropped */
export function useWork<T>(): readonly [Work<T>, (run: () => Promise<T>) => void] {
  const [work, setWork] = useState<Work<T>>({ state: 'idle' })
  const newest = useRef(0)
  const start = useCallback((run: () => Promise<T>) => {
    newest.current += 1
    const mine = newest.current
    const finish = (ended: Work<T>) => mine === newest.current && setWork(ended)
    setWork({ state: 'running' })
    run().then(
      (value) => finish({ state: 'done', value }),
      (error: unknown) => finish({ state: 'failed', error }),
    )
  }, [])
  return [work, start]
}
