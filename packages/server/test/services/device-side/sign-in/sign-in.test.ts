import { describe, expect, it } from 'vitest';
import { createAuthBackoff } from '../../../../src/services/device-side/sign-in/auth-backoff.ts';
import { decodeClientId } from '../../../../src/mqtt/client-id.ts';
import { isWithinClockWindow } from '../../../../src/services/device-side/sign-in/clock-window.ts';
import { devicePassword, isDevicePassword } from '../../../../src/services/device-side/sign-in/device-password.ts';
import { sourceKey } from '../../../../src/services/device-side/sign-in/source-key.ts';
import { ManualClock } from '../../../mqtt/fixture/manual-clock.ts';

describe('the clientId', () => {
  it('is split from the right', () => {
    expect(decodeClientId('a_b_0_0_1_2025041401')).toEqual({
      deviceId: 'a_b_0',
      signType: '1',
      timestamp: '2025041401',
    });
    expect(decodeClientId(`${'d'.repeat(241)}_0_0_2025041401`)?.deviceId).toHaveLength(241);
    for (const bad of [
      '',
      '_0_0_2025041401',
      'a_0_0_20250414o1',
      'a_0_0_2025041401_',
      'a_0_2_2025041401',
      'a-0-0-2025041401',
    ]) {
      expect(decodeClientId(bad), bad).toBeUndefined();
    }
  });
});

describe('the password', () => {
  const timestamp = '2025041401';
  const vector = 'c75150e6cb841417396819e4d2ee4358a416344a03a083e3a8567074ddec820a';

  it('is the HMAC of the contract, with the primary or the secondary secret', () => {
    expect(devicePassword('12345678', timestamp)).toBe(vector);
    const isRight = (password: string | undefined, ...secrets: [string?, string?]): boolean =>
      isDevicePassword({ password, timestamp, secrets: [secrets[0], secrets[1]] });
    expect(isRight(vector, '12345678')).toBe(true);
    expect(isRight(vector, 'other', '12345678')).toBe(true);
    expect(isRight(vector, undefined, '12345678')).toBe(true);
    expect(isRight(vector, 'other')).toBe(false);
    expect(isRight(vector.toUpperCase(), '12345678')).toBe(false);
    expect(isRight(`${vector}0`, '12345678')).toBe(false);
    expect(isRight(undefined, '12345678')).toBe(false);
    expect(isRight(vector)).toBe(false);
  });

  it('of an unknown device is never right, not even the dummy one', () => {
    const password = devicePassword('no device has this secret', timestamp);
    expect(isDevicePassword({ password, timestamp, secrets: [undefined, undefined] })).toBe(false);
  });
});

describe('the clock window', () => {
  it('rolls hours above 23 over, also past the end of a year', () => {
    const nowMs = Date.UTC(2025, 0, 1, 0, 59);
    const isWithin = (timestamp: string, toleranceHours = 1): boolean =>
      isWithinClockWindow({ timestamp, nowMs, toleranceHours });
    expect(isWithin('2025010100')).toBe(true);
    expect(isWithin('2024123123')).toBe(true);
    expect(isWithin('2024123124')).toBe(true);
    expect(isWithin('2024123125')).toBe(true);
    expect(isWithin('2025010102')).toBe(false);
    expect(isWithin('2025010102', 2)).toBe(true);
    expect(isWithin('0000000000')).toBe(false);
  });
});

describe('the key of a source', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8::1', '2001:db8:0:0'],
    ['2001:0db8:0000:0002::9', '2001:db8:0:2'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['1::', '1:0:0:0'],
    ['', ''],
  ])('%s is %s', (address, key) => {
    expect(sourceKey(address)).toBe(key);
  });
});

describe('the back-off', () => {
  const limits = { authFailuresPerMinute: 10, authBackoffSeconds: 60, authBackoffKeysMax: 100 };
  const stranger = '10.0.0.1';
  const home = '10.0.0.2';

  it('[device 8] blocks the device id everywhere but at the address of its last success', () => {
    const clock = new ManualClock(0);
    const backoff = createAuthBackoff({ clock, ...limits });
    backoff.recordSuccess('d', home);
    for (let count = 1; count <= 10; count += 1) {
      expect(backoff.isBlocked('d', stranger)).toBe(false);
      backoff.recordFailure('d', stranger);
    }
    expect(backoff.isBlocked('d', stranger)).toBe(true);
    expect(backoff.isBlocked('d', '10.0.0.3')).toBe(true);
    expect(backoff.isBlocked('other', stranger)).toBe(true);
    expect(backoff.isBlocked('other', '10.0.0.3')).toBe(false);
    expect(backoff.isBlocked('d', home)).toBe(false);
    clock.advance(60_000);
    expect(backoff.isBlocked('d', stranger)).toBe(false);
  });

  it('counts the failures of one minute only', () => {
    const clock = new ManualClock(0);
    const backoff = createAuthBackoff({ clock, ...limits });
    for (let count = 1; count <= 30; count += 1) {
      backoff.recordFailure('d', stranger);
      expect(backoff.isBlocked('d', stranger)).toBe(false);
      clock.advance(6700);
    }
  });

  it('is turned off by a back-off of zero seconds', () => {
    const backoff = createAuthBackoff({ clock: new ManualClock(0), ...limits, authBackoffSeconds: 0 });
    for (let count = 1; count <= 30; count += 1) backoff.recordFailure('d', stranger);
    expect(backoff.isBlocked('d', stranger)).toBe(false);
  });

  it('forgets the keys that were quiet for longest instead of growing', () => {
    const backoff = createAuthBackoff({ clock: new ManualClock(0), ...limits, authBackoffKeysMax: 2 });
    for (let count = 1; count <= 10; count += 1) {
      backoff.recordFailure('d', `10.1.0.${count}`);
      backoff.recordFailure(`noise${count}`, '10.2.0.1');
    }
    expect(backoff.isBlocked('d', '10.9.0.1')).toBe(true);
    backoff.recordFailure('e', '10.3.0.1');
    backoff.recordFailure('f', '10.3.0.2');
    expect(backoff.isBlocked('d', '10.9.0.1')).toBe(false);
  });
});
