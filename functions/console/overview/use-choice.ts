/** The reader's choice, from the address and into it. A change takes the place of the last address, so "back" leaves the page. */
import { useMemo } from 'preact/hooks'
import { useRoute } from '../shell/route.ts'
import { addressOfChoice, type Choice, choiceOf } from './choice.ts'

export function useChoice(): readonly [Choice, (changes: Partial<Choice>) => void] {
  const { parameters } = useRoute()
  const query = parameters.toString()
  const choice = useMemo(() => choiceOf(new URLSearchParams(query)), [query])
  return [choice, (changes) => location.replace(addressOfChoice({ ...choice, ...changes }))]
}
