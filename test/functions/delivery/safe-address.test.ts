import { expect, it } from 'vitest'
import { isSafeAddress } from '../../../functions/delivery/safe-address.ts'

const strict = { allowsLoopback: false }

it.each([
  ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1']],
  ['loopback', ['127.0.0.1', '127.8.8.8', '::1']],
  ['unspecified', ['0.0.0.0', '0.1.2.3', '::']],
  [
    'link-local, with the metadata services of clouds',
    ['169.254.169.254', '169.254.170.2', 'fe80::1', '168.63.129.16'],
  ],
  ['of a carrier', ['100.64.0.1', '100.100.100.200', '100.127.255.255']],
  ['multicast and broadcast', ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1']],
  ['unique local, with the metadata service of AWS', ['fc00::1', 'fd00:ec2::254']],
  ['IPv4 in IPv6', ['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:0:127.0.0.1', '::127.0.0.1', '::808:808']],
  ['NAT64', ['64:ff9b::7f00:1', '64:ff9b::808:808', '64:ff9b:1::1']],
  ['6to4 and Teredo', ['2002:7f00:1::', '2001::1']],
  [
    'documentation and benchmarks',
    ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1', '198.18.0.1'],
  ],
  ['reserved', ['240.0.0.1', '192.0.0.1', '192.88.99.1', '100::1', '4000::1']],
  ['no address', ['', 'localhost', '1.2.3', 'example.org', '127.1']],
])('refuses %s', (_, addresses) => {
  expect(addresses.filter((each) => isSafeAddress(each, strict))).toEqual([])
})

it('allows public addresses', () => {
  const all = ['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:400f::200e']
  expect(all.filter((each) => !isSafeAddress(each, strict))).toEqual([])
})

it('on one machine also loopback, and nothing else more', () => {
  const all = ['127.0.0.1', '::1', '10.0.0.1', '169.254.169.254', '::ffff:127.0.0.1']
  expect(all.filter((each) => isSafeAddress(each, { allowsLoopback: true }))).toEqual(['127.0.0.1', '::1'])
})
