import { createHmac } from 'node:crypto';

/** CONNECT fields of device 1.2 and 1.3. */
export interface Login {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}

/** `YYYYMMDDHH` in UTC. */
const loginTimestamp = (time: Date): string => time.toISOString().slice(0, 13).replace(/[-T]/g, '');

/** Device 1.3: lower-case hex of HMAC-SHA256 with the timestamp as key and the secret as message. */
export const devicePassword = (secret: string, timestamp: string): string =>
  createHmac('sha256', timestamp).update(secret).digest('hex');

/** Login of a direct device with sign type 0: the server does not look at the time. */
export function createLogin(deviceId: string, secret: string, time: Date): Login {
  const timestamp = loginTimestamp(time);
  return {
    clientId: `${deviceId}_0_0_${timestamp}`,
    username: deviceId,
    password: devicePassword(secret, timestamp),
  };
}
