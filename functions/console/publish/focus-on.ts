/** Moves the focus to the control of a value, and opens what it is folded into. A fault of a group leads to the group's first control. */
export function focusOn(pointer: string): void {
  const named = (name: string) => document.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)
  const below = document.querySelector<HTMLElement>(`[name^="${CSS.escape(pointer)}/"]`)
  const control = named(pointer) ?? below
  for (let parent = control?.parentElement; parent; parent = parent.parentElement)
    if (parent instanceof HTMLDetailsElement) parent.open = true
  control?.focus()
}
