import { createHmac, timingSafeEqual } from 'node:crypto';

/** Lower-case hex of HMAC-SHA256(key = timestamp text, message = secret) (device 1.3). */
export function devicePassword(secret: string, timestamp: string): string {
  return createHmac('sha256', timestamp).update(secret).digest('hex');
}

export interface PasswordCheck {
  readonly password: string | undefined;
  readonly timestamp: string;
  /** The primary and the secondary secret; both missing for an unknown device. */
  readonly secrets: readonly [primary: string | undefined, secondary: string | undefined];
}

const dummySecret = 'no device has this secret';

/** True if the password was made from one of the secrets. The work and its time do not tell whether or which secrets exist. */
export function isDevicePassword(check: PasswordCheck): boolean {
  const given = Buffer.from(check.password ?? '', 'utf8');
  let isRight = false;
  for (const secret of check.secrets) {
    const wanted = Buffer.from(devicePassword(secret ?? dummySecret, check.timestamp), 'utf8');
    // timingSafeEqual refuses different lengths; the length of a wrong password is no secret, but the work stays the same.
    const isEqual = timingSafeEqual(given.length === wanted.length ? given : Buffer.alloc(wanted.length), wanted);
    isRight = (isEqual && secret !== undefined) || isRight;
  }
  return isRight;
}
