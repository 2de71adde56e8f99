/**
 * The pages that the session may open, in groups. Where there is little room they fold into a button that names the page; Escape, and
 * leaving the menu, fold them again.
 */
import { useContext, useId, useRef, useState } from 'preact/hooks'
import { type Page, pages } from '../pages.ts'
import { useWords } from './language.ts'
import { SessionContext } from './ledger.ts'
import { addressOf } from './route.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

const groups = ['groupAudit', 'groupDesk', 'groupOpen'] as const

export function Menu({ page }: { readonly page: Page | undefined }) {
  const words = useWords(english, swedish)
  const session = useContext(SessionContext)
  // The page on which it was unfolded: on another page it has done its work.
  const [openOn, setOpenOn] = useState<Page | 'no page'>()
  const here = page ?? 'no page'
  const isOpen = openOn === here
  const fold = () => setOpenOn(undefined)
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const visible = pages.filter(({ scope }) => scope === undefined || session?.scopes.includes(scope))
  if (visible.length === 0) return null
  return (
    <nav
      class={`menu${isOpen ? ' open' : ''}`}
      aria-label={words('menu')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return
        fold()
        button.current?.focus()
      }}
      onFocusOut={(event) => {
        const { currentTarget, relatedTarget } = event
        if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) fold()
      }}
    >
      <button
        ref={button}
        type="button"
        class="quiet menu-button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpenOn(isOpen ? undefined : here)}
      >
        {page && visible.includes(page) ? words('menuAt', { page: words(page.path) }) : words('menu')}
      </button>
      <div id={id} class="menu-groups">
        {groups.map((group) => {
          const ofGroup = visible.filter((each) => each.group === group)
          return (
            ofGroup.length > 0 && (
              <section key={group}>
                <h2>{words(group)}</h2>
                <ul>
                  {ofGroup.map(({ path }) => (
                    <li key={path}>
                      <a href={addressOf(path)} {...(path === page?.path && { 'aria-current': 'page' as const })}>
                        {words(path)}
                      </a>
                    </li>
                  ))}
                </ul>
              </section>
            )
          )
        })}
      </div>
    </nav>
  )
}
