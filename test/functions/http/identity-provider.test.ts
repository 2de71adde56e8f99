/** Where an identity provider's keys may be fetched from: the address is judged as the client that fetches it reads it. */
import { describe, expect, it } from 'vitest'
import { controllerDraft } from '../../../shared/api/schemas/controllers.ts'

const isAccepted = (jwksUri: string) =>
  controllerDraft.shape.identityProvider.safeParse({ issuer: 'https://id.example.org', audience: 'acme', jwksUri })
    .success

describe('keys', () => {
  it.each([
    'https://id.example.org/jwks.json',
    'https://id.example.org:8443/a/b?c=d',
    'http://localhost/jwks',
    'http://localhost:9000/jwks',
    'http://127.0.0.1:9000/jwks',
  ])('may be at %s', (address) => expect(isAccepted(address)).toBe(true))

  it.each([
    'https://user@id.example.org/jwks',
    'https://user:secret@id.example.org/jwks',
    'https://:secret@id.example.org/jwks',
    'http://localhost:1@id.example.org/jwks',
    'http://127.0.0.1:80@id.example.org/',
    'http://localhost@id.example.org/',
    'http://id.example.org/jwks',
    'http://localhost.example.org/jwks',
    'http://127.0.0.1.example.org/jwks',
    'http://[::1]/jwks',
    'file:///etc/passwd',
    'ftp://id.example.org/jwks',
    'jwks.json',
  ])('may not be at %s', (address) => expect(isAccepted(address)).toBe(false))
})
