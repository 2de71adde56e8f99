/** Labels, hints and names of values in the reader's language. A field that has no words yet is shown under its own name. */
import { useWords } from '../shell/language.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

type Name = keyof typeof english

const isName = (name: string): name is Name => Object.hasOwn(english, name)

export interface Labels {
  readonly label: (name: string, isOptional?: boolean) => string
  /** @param kind how the value is written, such as `duration` */
  readonly hint: (name: string, kind?: string) => string | undefined
  readonly valueName: (value: string) => string
  readonly itemName: (list: string, index: number, text: string) => string
  readonly actions: (act: 'add' | 'up' | 'down' | 'remove', list?: string) => string
  readonly none: string
  readonly onePerLine: string
}

export function useLabels(): Labels {
  const words = useWords(english, swedish)
  const known = (name: string) => (isName(name) ? words(name) : undefined)
  return {
    label: (name, isOptional = false) => {
      const label = known(`field-${name}`) ?? name
      return isOptional ? words('optional', { label }) : label
    },
    hint: (name, kind) => known(`hint-${name}`) ?? (kind === undefined ? undefined : known(`kind-${kind}`)),
    valueName: (value) => known(`value-${value}`) ?? value,
    itemName: (list, index, text) =>
      words('item', { name: known(`one-${list}`) ?? list, number: index + 1, text: text === '' ? '–' : text }),
    actions: (act, list) => words(act, { name: known(`one-${list}`)?.toLowerCase() ?? list ?? '' }),
    none: words('none'),
    onePerLine: words('onePerLine'),
  }
}
