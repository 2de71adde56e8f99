/** All pages of the site, by method and path. */
import { accountPages } from './account.ts'
import { demoPages } from './demo-controls.ts'
import { logInPages } from './log-in.ts'
import { mailboxPages } from './mailbox.ts'
import { newsletterPages } from './newsletter.ts'
import { openPages } from './open-pages.ts'
import { counterPages } from './optional-counters.ts'
import { changePages } from './policy-change.ts'
import { signUpPages } from './sign-up.ts'
import type { Pages } from './site.ts'

const mediaTypes = {
  'optional.js': 'text/javascript',
  'account.js': 'text/javascript',
  'site.css': 'text/css',
} as const

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#6a2c5a"/><path d="M5 3v10h6" fill="none" stroke="#fff" stroke-width="2"/></svg>`

const files: Pages = {
  ...Object.fromEntries(
    Object.entries(mediaTypes).map(([name, mediaType]) => [
      `GET /${name}`,
      ({ browserCode }: { browserCode: ReadonlyMap<string, string> }) => ({
        body: browserCode.get(name) ?? '',
        mediaType: `${mediaType}; charset=utf-8`,
      }),
    ]),
  ),
  'GET /icon.svg': () => ({ body: icon, mediaType: 'image/svg+xml' }),
}

export const pages: Pages = {
  ...files,
  ...openPages,
  ...newsletterPages,
  ...mailboxPages,
  ...signUpPages,
  ...logInPages,
  ...accountPages,
  ...changePages,
  ...counterPages,
  ...demoPages,
}
