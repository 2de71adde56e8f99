/** The words of the page on which one chooses who to be, in English and Swedish. */
export interface SignInWords {
  readonly title: string
  readonly refused: string
  readonly forDevelopment: string
  readonly asks: (controller: string) => string
  readonly auditor: string
  readonly auditorMay: string
  readonly administrator: string
  readonly administratorMay: string
  readonly analyst: string
  readonly analystMay: string
  readonly someoneElse: string
  readonly subject: string
  readonly scopes: string
  readonly signIn: string
  readonly cancel: string
  readonly backToConsole: string
  readonly notTheConsole: string
  readonly usedUp: string
  readonly notUnderstood: string
}

export const en: SignInWords = {
  title: 'Choose who to be',
  refused: 'You were not signed in',
  forDevelopment:
    'This sign-in is for development. It exists on your own machine only, asks for no password, and checks nobody. A deployed ledger uses an identity provider instead.',
  asks: (controller) => `The console asks to work for ${controller}.`,
  auditor: 'Auditor',
  auditorMay: 'Asks about everyone: the controller has made a grant.',
  administrator: 'Controller’s administrator',
  administratorMay: 'Publishes, makes sites and grants, holds, erases, imports and exports.',
  analyst: 'Analyst',
  analystMay: 'Sees how many agreed and refused, and no person.',
  someoneElse: 'Someone else',
  subject: 'Who (the token’s “sub”)',
  scopes: 'What the token permits',
  signIn: 'Sign in',
  cancel: 'Cancel',
  backToConsole: 'To the console',
  notTheConsole: 'Only the console of this ledger can ask people to sign in here.',
  usedUp: 'This page was used already, or is older than ten minutes. Sign in from the console again.',
  notUnderstood: 'Choose one of the people, or say who else you are, in at most 256 characters.',
}

export const sv: SignInWords = {
  title: 'Välj vem du är',
  refused: 'Du loggades inte in',
  forDevelopment:
    'Den här inloggningen är till för utveckling. Den finns bara på din egen dator, frågar inte efter lösenord och kontrollerar ingen. Ett driftsatt register använder en identitetsleverantör i stället.',
  asks: (controller) => `Konsolen vill arbeta för ${controller}.`,
  auditor: 'Granskare',
  auditorMay: 'Frågar om alla: den personuppgiftsansvarige har gett sitt tillstånd.',
  administrator: 'Administratör hos den personuppgiftsansvarige',
  administratorMay: 'Publicerar, skapar webbplatser och tillstånd, bevarar, raderar, importerar och exporterar.',
  analyst: 'Analytiker',
  analystMay: 'Ser hur många som sade ja och nej, och inga personer.',
  someoneElse: 'Någon annan',
  subject: 'Vem (”sub” i token)',
  scopes: 'Vad token ger rätt till',
  signIn: 'Logga in',
  cancel: 'Avbryt',
  backToConsole: 'Till konsolen',
  notTheConsole: 'Bara det här registrets egen konsol kan be någon att logga in här.',
  usedUp: 'Sidan har redan använts eller är äldre än tio minuter. Logga in från konsolen igen.',
  notUnderstood: 'Välj en av personerna, eller ange vem du annars är med högst 256 tecken.',
}
