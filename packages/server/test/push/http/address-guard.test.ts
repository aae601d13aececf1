import { expect, test } from 'vitest';
import { createAddressGuard } from '../../../src/push/http/address-guard.ts';

const strict = createAddressGuard([]);

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:10.0.0.1',
  '::127.0.0.1',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd12:3456::1',
  'ff02::1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:0:1::1',
  '2001:db8::1',
  'localhost',
  '',
  '1.2.3',
])('%s is refused', (address) => {
  expect(strict(address)).toBe(false);
});

test.each(['1.1.1.1', '172.15.255.255', '172.32.0.1', '100.128.0.1', '::ffff:8.8.8.8', '2606:4700::1111', '2a00::1'])(
  '%s is public',
  (address) => {
    expect(strict(address)).toBe(true);
  },
);

test('what the operator names is allowed, in any spelling, and nothing beside it', () => {
  const guard = createAddressGuard([
    { address: '10.0.0.0', prefix: 8, family: 'ipv4' },
    { address: 'fd00::', prefix: 8, family: 'ipv6' },
    { address: '192.168.7.7', prefix: 32, family: 'ipv4' },
  ]);
  expect(['10.9.9.9', '::ffff:10.9.9.9', 'fd12::1', '192.168.7.7'].map(guard)).toEqual([true, true, true, true]);
  expect(['11.0.0.1', '127.0.0.1', '192.168.0.1', 'fc00::1'].map(guard)).toEqual([true, false, false, false]);
});
