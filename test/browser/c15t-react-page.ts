/** A page that asks with the banner and the dialog of `@c15t/react`, as they come. */
import { ConsentBanner, ConsentDialog, ConsentManagerProvider } from '@c15t/react'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'

const { backendURL, headers, user } = JSON.parse(document.querySelector('#config')?.textContent ?? '{}')
const root = document.querySelector('#root')
if (root) {
  const options = { mode: 'hosted' as const, backendURL, headers, user }
  const children = [createElement(ConsentBanner, { key: 'banner' }), createElement(ConsentDialog, { key: 'dialog' })]
  createRoot(root).render(createElement(ConsentManagerProvider, { options, children }))
}
