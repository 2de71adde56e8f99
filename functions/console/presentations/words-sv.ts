/** The Swedish words of the page Presentations. */
import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  introduction:
    'En presentation är det som människor ser först: orden, vad de kan slå på och hur de säger nej. Den antecknas med varje svar, så en publicerad ändras aldrig.',
  policy: 'Policy',
  noPolicies: 'Publicera en policy först.',
  noVersion: 'Policyn har ingen version som gäller, så det finns inget att fråga om än.',
  presentations: 'Publicerade presentationer',
  id: 'Id',
  since: 'Publicerad',
  wording: 'Text',
  controls: 'Kan slås på',
  refusal: 'Att säga nej',
  layer: '{layer, plural, =1 {I första lagret} other {I lager #}}',
  none: 'Ingen presentation av policyn är publicerad. Bannern frågar med egna ord.',
  newPresentation: 'En ny presentation',
  continued: 'Det här hade du skrivit förut. Det finns kvar i fliken tills du publicerar det.',
  beginAnew: 'Börja om',
  notKept: 'Fliken kan inte spara det du skriver. Publicera det innan du lämnar sidan.',
  preview: 'Så ser den ut',
  readerLanguage: 'För den som läser',
  previewHint:
    'Detta är bannern själv, så som den frågar någon som inte har svarat. I förhandsvisningen antecknas inget.',
  pressed: 'Här skulle svaret antecknas. I förhandsvisningen antecknas inget.',
  notUsed:
    'Bannern kommer inte att använda den: den tar en presentation med val som alla är av från början, och där man kan säga nej i lager 1. Egna sidor kan använda den.',
  publish: 'Publicera presentationen',
  review: 'Kontrollera och publicera',
  faults: '{count, plural, one {# sak att rätta, markerad ovan} other {# saker att rätta, markerade ovan}}',
  publishMeans: 'Den publiceras för alltid. Av flera som passar tar bannern den med flest val, sedan den nyaste.',
  published: 'Presentationen {id} är publicerad',
  publishedNext: 'Banners visar den inom någon minut för dem som inte har svarat.',
}
