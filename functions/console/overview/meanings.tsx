/** What the numbers count, and which are hidden and why. */
import { useWords } from '../shell/language.ts'
import { measures } from './counted.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function Meanings({ k, unopened }: { readonly k: number; readonly unopened: number }) {
  const words = useWords(english, swedish)
  return (
    <>
      <p class="aside">{words('whyHidden', { k })}</p>
      <details>
        <summary>{words('meanings')}</summary>
        <dl class="facts">
          {measures.map((measure) => (
            <div key={measure}>
              <dt>{words(measure)}</dt>
              <dd>{words(`means-${measure}`)}</dd>
            </div>
          ))}
        </dl>
        <p>{words('onceADay')}</p>
        <p>{words('howHidden', { k })}</p>
        {unopened > 0 && <p>{words('unopened', { count: unopened })}</p>}
      </details>
    </>
  )
}
