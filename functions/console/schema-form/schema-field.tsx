/**
 * A form for a value of a record, made from the record's schema: every field of it, also one that a later release adds. A value that does not fit
 * is shown as far as it can be, and said to be wrong by whoever validates.
 */
import { useRef } from 'preact/hooks'
import type { Shape } from '../../../shared/consent/schema.ts'
import { emptyValueOf } from './empty-value.ts'
import { Folded } from './folded.tsx'
import { type FormState, isObject, type Path, pointerOf, useForm } from './form-state.ts'
import { useLabels } from './labels.ts'
import {
  ChoiceField,
  ChoicesField,
  FlagField,
  LinesField,
  LocalisedField,
  NumberField,
  TextField,
} from './scalar-fields.tsx'

export interface SchemaFieldProps {
  readonly shape: Shape
  readonly path: Path
  readonly value: unknown
  readonly isOptional?: boolean
}

export function SchemaField({ shape, path, value, isOptional = false }: SchemaFieldProps) {
  const name = String(path.at(-1) ?? '')
  const { choices } = useForm()
  const field = { path, value, name, isOptional }
  const known = choices?.[name]
  if (known) return <ChoiceField values={known} {...field} />
  switch (shape.is) {
    case 'optional':
      return <SchemaField shape={shape.of} path={path} value={value} isOptional />
    case 'record':
      return <RecordField members={shape.members} shape={shape} {...field} />
    case 'list':
      if (shape.of.is === 'record') return <ItemsField item={shape.of} {...field} />
      if (shape.of.is === 'oneOfKnown' || shape.of.is === 'oneOf')
        return <ChoicesField values={shape.of.values} {...field} />
      return <LinesField kind={shape.of.is} {...field} />
    case 'localised':
      return <LocalisedField {...field} />
    case 'flag':
      return <FlagField {...field} />
    case 'integer':
    case 'count':
      return <NumberField {...field} />
    case 'oneOf':
    case 'oneOfKnown':
      return <ChoiceField values={shape.values} {...field} />
    default:
      return <TextField kind={shape.is} {...field} />
  }
}

type Members = Readonly<Record<string, Shape>>

export interface RecordFieldsProps {
  readonly members: Members
  readonly path: Path
  readonly value: unknown
  /** Members to show, in this order. @default all */
  readonly only?: readonly string[]
}

/** The members of a record, one below the other. */
export function RecordFields({ members, path, value, only = Object.keys(members) }: RecordFieldsProps) {
  const given = isObject(value) ? value : {}
  return (
    <>
      {only.map((name) => {
        const shape = members[name]
        return shape && <SchemaField key={name} shape={shape} path={[...path, name]} value={given[name]} />
      })}
    </>
  )
}

interface NamedProps {
  readonly path: Path
  readonly value: unknown
  readonly name: string
  readonly isOptional: boolean
}

/** A record within a record. One that may be left out has a switch that states it. */
function RecordField({
  members,
  shape,
  path,
  value,
  name,
  isOptional,
}: NamedProps & { members: Members; shape: Shape }) {
  const { change, faultAt } = useForm()
  const { label, hint } = useLabels()
  const error = faultAt(pointerOf(path))
  const isStated = !isOptional || value !== undefined
  return (
    <fieldset class="nested">
      <legend>{label(name, isOptional)}</legend>
      {hint(name) !== undefined && <p class="hint">{hint(name)}</p>}
      {isOptional && (
        <label class="choice">
          <input
            type="checkbox"
            name={pointerOf(path)}
            checked={isStated}
            onChange={(event) => change(path, event.currentTarget.checked ? emptyValueOf(shape) : undefined)}
          />
          {label('stated')}
        </label>
      )}
      {isStated && <RecordFields members={members} path={path} value={value} />}
      {error !== undefined && <p class="field-error">{error}</p>}
    </fieldset>
  )
}

/** A list of records, each of which can be moved and removed. */
function ItemsField({ item, path, value, name, isOptional }: NamedProps & { item: Shape & { is: 'record' } }) {
  const { change, faultAt, choices } = useForm()
  const { label, hint, itemName, actions } = useLabels()
  const add = useRef<HTMLButtonElement>(null)
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  const error = faultAt(pointerOf(path))
  const replace = (next: readonly unknown[]) => change(path, next.length === 0 && isOptional ? undefined : next)
  return (
    <fieldset class="nested">
      <legend>{label(name, isOptional)}</legend>
      {hint(name) !== undefined && <p class="hint">{hint(name)}</p>}
      {error !== undefined && <p class="field-error">{error}</p>}
      {items.map((each, i) => {
        const called = itemName(name, i, nameOfItem(each, choices))
        return (
          <Folded
            // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity of their own, and each field shows the value that it is given
            key={i}
            class="item"
            pointer={pointerOf([...path, i])}
            summary={called}
            isOpen={items.length === 1 || isEmpty(each)}
          >
            {() => (
              <>
                <RecordFields members={item.members} path={[...path, i]} value={each} />
                <ItemActions
                  called={called}
                  index={i}
                  count={items.length}
                  move={(to) => replace(moved(items, i, to))}
                  remove={() => {
                    replace(items.toSpliced(i, 1))
                    add.current?.focus()
                  }}
                />
              </>
            )}
          </Folded>
        )
      })}
      <button ref={add} type="button" class="quiet" onClick={() => replace([...items, emptyValueOf(item)])}>
        {actions('add', name)}
      </button>
    </fieldset>
  )
}

export interface ItemActionsProps {
  readonly called: string
  readonly index: number
  readonly count: number
  readonly move: (to: number) => void
  readonly remove: () => void
}

export function ItemActions({ called, index, count, move, remove }: ItemActionsProps) {
  const { actions } = useLabels()
  const named = (act: 'up' | 'down' | 'remove') => ({ 'aria-label': `${actions(act)}: ${called}` })
  return (
    <p class="item-actions">
      <button type="button" class="link" {...named('up')} disabled={index === 0} onClick={() => move(index - 1)}>
        {actions('up')}
      </button>
      <button
        type="button"
        class="link"
        {...named('down')}
        disabled={index === count - 1}
        onClick={() => move(index + 1)}
      >
        {actions('down')}
      </button>
      <button type="button" class="link" {...named('remove')} onClick={remove}>
        {actions('remove')}
      </button>
    </p>
  )
}

export function moved<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const item = items[from]
  return item === undefined ? items : items.toSpliced(from, 1).toSpliced(to, 0, item)
}

/** Its first text, or the name that the form has for it. */
function nameOfItem(value: unknown, choices: FormState['choices'] = {}): string {
  const [member, text] = firstTextIn(value)
  return choices[member]?.find((each) => each.value === text)?.name ?? text
}

function firstTextIn(value: unknown): readonly [member: string, text: string] {
  const members = isObject(value) ? Object.entries(value) : []
  return members.flatMap(([member, each]) => (typeof each === 'string' ? [[member, each] as const] : []))[0] ?? ['', '']
}

const isEmpty = (value: unknown) => firstTextIn(value)[1] === ''
