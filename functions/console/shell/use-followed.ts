/** Something that the ledger works at, asked for again every second or two while it does, and each quarter of a minute while it does not. */
import { useCallback, useEffect, useState } from 'preact/hooks'

const busyMs = 1_500
const idleMs = 15_000

export interface Followed<T> {
  /** Absent until the first answer. */
  readonly shown?: T | undefined
  /** Why the last question has no answer. */
  readonly error?: unknown
  /** Shows this answer, and asks again. */
  readonly show: (answer: T) => void
}

/** @param ask the same function as long as it asks for the same */
export function useFollowed<T>(ask: () => Promise<T>, isUnderWay: (answer: T) => boolean): Followed<T> {
  const [shown, setShown] = useState<T>()
  const [error, setError] = useState<unknown>()
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks once
  useEffect(() => {
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const settle = (act: () => void, waitMs: number) => {
      if (isOver) return
      act()
      timer = setTimeout(() => setTurn((last) => last + 1), waitMs)
    }
    const took = (answer: T) => {
      setShown(answer)
      setError(undefined)
    }
    ask().then(
      (answer) => settle(() => took(answer), isUnderWay(answer) ? busyMs : idleMs),
      (failure: unknown) => settle(() => setError(failure), idleMs),
    )
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [ask, turn])
  const show = useCallback((answer: T) => {
    setShown(answer)
    setTurn((last) => last + 1)
  }, [])
  return { shown, error, show }
}
