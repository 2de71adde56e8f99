/** What belongs to a person's history and an auditor does not see in it, and where it is. */
import { useWords } from '../shell/language.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

const names = [
  'notHereGrant',
  'notHereLinks',
  'notHereReports',
  'notHereMandates',
  'notHereHolds',
  'notHereReads',
  'notHereContext',
] as const

export function NotHere() {
  const words = useWords(english, swedish)
  return (
    <details>
      <summary>{words('notHere')}</summary>
      <ul>
        {names.map((name) => (
          <li key={name}>{words(name)}</li>
        ))}
      </ul>
    </details>
  )
}
