/**
 * Words of the banner that c15t's client draws, in Swedish and English. Titles of purposes come from the policy. Refusing is worded as
 * plainly as accepting. A site may replace any of them in its own client.
 */
import { languageOf, localeIn } from '../http/language.ts'

const swedish = {
  common: {
    acceptAll: 'Godkänn alla',
    rejectAll: 'Neka alla',
    customize: 'Välj själv',
    save: 'Spara mina val',
    close: 'Stäng',
    securedBy: 'Skyddas av',
  },
  cookieBanner: {
    title: 'Du bestämmer över cookies',
    description:
      'Det som tjänsten behöver för att fungera är alltid på. Resten väljer du själv, och du kan ändra dig när du vill.',
  },
  consentManagerDialog: {
    title: 'Dina val',
    description: 'Slå på det du godkänner. Inget är påslaget från början, och varje val gäller för sig.',
  },
  necessary: {
    title: 'Nödvändigt',
    description: 'Behövs för att tjänsten ska fungera, och kan därför inte stängas av.',
  },
  frame: {
    title: 'Godkänn {category} för att se innehållet.',
    actionButton: 'Godkänn {category}',
    policyBlocked: 'Innehållet visas inte, eftersom det inte ingår i det du kan välja.',
    loading: 'Laddar …',
    error: 'Innehållet kunde inte laddas.',
  },
  legalLinks: { privacyPolicy: 'Integritetspolicy', cookiePolicy: 'Cookiepolicy', termsOfService: 'Villkor' },
}

export type BannerWords = typeof swedish

const english: BannerWords = {
  common: {
    acceptAll: 'Accept all',
    rejectAll: 'Refuse all',
    customize: 'Choose',
    save: 'Save my choices',
    close: 'Close',
    securedBy: 'Secured by',
  },
  cookieBanner: {
    title: 'Cookies are your decision',
    description:
      'What the service needs in order to work is always on. The rest is up to you, and you can change your mind at any time.',
  },
  consentManagerDialog: {
    title: 'Your choices',
    description: 'Turn on what you agree to. Everything starts off, and each choice is separate.',
  },
  necessary: { title: 'Necessary', description: 'The service does not work without it, so it cannot be turned off.' },
  frame: {
    title: 'Accept {category} to see this.',
    actionButton: 'Accept {category}',
    policyBlocked: 'This is not shown, because it is not one of your choices.',
    loading: 'Loading …',
    error: 'This could not be loaded.',
  },
  legalLinks: { privacyPolicy: 'Privacy policy', cookiePolicy: 'Cookie policy', termsOfService: 'Terms' },
}

export function bannerWords(wanted: string | undefined): { readonly language: string; readonly words: BannerWords } {
  const language = languageOf(localeIn(['en', 'sv'], wanted) ?? 'en')
  return { language, words: language === 'sv' ? swedish : english }
}
