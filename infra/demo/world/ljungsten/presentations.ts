/**
 * What people saw first, in the order in which it was published. `campaign-2024` is a mistake that Ljungsten made and
 * replaced: its box was ticked beforehand and refusing took a second step, so that no yes from it counts.
 */

import type { Localised, PresentationControl } from '../../../../shared/consent/policy.ts'
import type { PublishedPresentation } from '../draft.ts'

const preferences = control('preferences', 'Inställningar', 'Preferences')
const statistics = control('statistics', 'Statistik', 'Statistics')
const marketing = control('marketing-cookies', 'Marknadsföring', 'Marketing')
const newsletter = control('newsletter', 'Ja, skicka nyhetsbrevet', 'Yes, send me the newsletter')
const partnerOffers = control(
  'partner-offers',
  'Ja, lämna mina kontaktuppgifter till era partner',
  'Yes, give my contact details to your partners',
)

const refuseAll: Localised = { 'sv-SE': 'Neka alla', en: 'Refuse all' }
const goOnWithout: Localised = { 'sv-SE': 'Fortsätt utan', en: 'Continue without' }

export const presentations: readonly PublishedPresentation[] = [
  {
    publishedAt: '2024-02-20T08:00:00.000Z',
    draft: {
      presentationId: 'cookie-banner-2024',
      policyId: 'cookie-policy',
      wording: {
        'sv-SE':
          'Vi använder cookies som behövs för att tjänsten ska fungera. Får vi även minnas dina inställningar och räkna besök? Du kan ändra dig när du vill.',
        en: 'We use the cookies that the service needs. May we also remember your settings and count visits? You can change your mind at any time.',
      },
      controls: [preferences, statistics],
      refusal: { label: refuseAll, layer: 1 },
    },
  },
  {
    publishedAt: '2024-02-20T08:05:00.000Z',
    draft: {
      presentationId: 'login-form',
      policyId: 'cookie-policy',
      wording: {
        'sv-SE': 'Ditt användarnamn sparas på den här enheten i tolv månader.',
        en: 'Your user name is kept on this device for twelve months.',
      },
      controls: [control('remember-me', 'Kom ihåg mig', 'Remember me')],
      refusal: { label: goOnWithout, layer: 1 },
    },
  },
  {
    publishedAt: '2024-02-20T08:10:00.000Z',
    draft: {
      presentationId: 'signup-form',
      policyId: 'privacy-policy',
      wording: {
        'sv-SE': 'Valen nedan är frivilliga. Kontot fungerar lika bra utan dem.',
        en: 'The choices below are optional. The account works just as well without them.',
      },
      controls: [newsletter, partnerOffers],
      refusal: { label: goOnWithout, layer: 1 },
    },
  },
  {
    publishedAt: '2024-02-20T08:15:00.000Z',
    draft: {
      presentationId: 'circumstances-form',
      policyId: 'privacy-policy',
      wording: {
        'sv-SE':
          'Vill du att vi antecknar det du berättar om din hälsa, så att vi kan ta hänsyn till det i ditt ärende? Du kan få anteckningen borttagen när du vill.',
        en: 'Do you want us to note what you tell us about your health, so that we can consider it in your case? You can have the note removed at any time.',
      },
      controls: [
        control('special-circumstances', 'Ja, anteckna uppgifter om min hälsa', 'Yes, note the details of my health'),
      ],
      refusal: { label: { 'sv-SE': 'Nej, anteckna inget', en: 'No, note nothing' }, layer: 1 },
    },
  },
  {
    publishedAt: '2024-05-06T08:00:00.000Z',
    draft: {
      presentationId: 'campaign-2024',
      policyId: 'privacy-policy',
      wording: {
        'sv-SE': 'Få koll på räntan! Vårt nyhetsbrev ingår när du laddar ned guiden.',
        en: 'Keep an eye on interest! Our newsletter is included when you download the guide.',
      },
      controls: [{ ...newsletter, initially: 'on' }],
      refusal: { label: { 'sv-SE': 'Fler val', en: 'More choices' }, layer: 2 },
    },
  },
  {
    publishedAt: '2024-06-10T08:00:00.000Z',
    draft: {
      presentationId: 'newsletter-form',
      policyId: 'privacy-policy',
      wording: {
        'sv-SE': 'Vill du ha vårt nyhetsbrev en gång i månaden? Vi skickar ett brev där du bekräftar adressen.',
        en: 'Would you like our newsletter once a month? We send you a message with which you confirm the address.',
      },
      controls: [newsletter],
      refusal: { label: { 'sv-SE': 'Nej tack', en: 'No, thank you' }, layer: 1 },
    },
  },
  {
    publishedAt: '2025-05-20T08:00:00.000Z',
    draft: {
      presentationId: 'cookie-banner-2025',
      policyId: 'cookie-policy',
      wording: {
        'sv-SE':
          'Vi använder cookies som behövs för att tjänsten ska fungera. Får vi även minnas dina inställningar, och får Lupin Analytics räkna besök och Vindflöjel Ads mäta våra annonser? Du kan ändra dig när du vill.',
        en: 'We use the cookies that the service needs. May we also remember your settings, and may Lupin Analytics count visits and Vindflöjel Ads measure our advertisements? You can change your mind at any time.',
      },
      controls: [preferences, statistics, marketing],
      refusal: { label: refuseAll, layer: 1 },
    },
  },
  {
    publishedAt: '2025-05-20T08:05:00.000Z',
    draft: {
      presentationId: 'account-link',
      policyId: 'privacy-policy',
      wording: {
        'sv-SE':
          'När du loggar in kopplas den här enhetens val ihop med ditt konto. Medan du är inloggad gäller det du valde senast, på enheten eller i kontot, och i tveksamma fall ditt nej. När du har loggat ut gäller bara enhetens egna val.',
        en: 'When you log in, the choices of this device are linked with your account. While you are logged in, what you chose last counts, on the device or in the account, and in doubt your no. Once you have logged out, only the device’s own choices count.',
      },
      controls: [],
      refusal: { label: { 'sv-SE': 'Fortsätt utan att logga in', en: 'Continue without logging in' }, layer: 1 },
    },
  },
]

function control(purposeId: string, swedish: string, english: string): PresentationControl {
  return { purposeId, label: { 'sv-SE': swedish, en: english }, initially: 'off' }
}
