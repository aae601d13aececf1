import type { IncomingHttpHeaders } from 'node:http';
import type { LegacyCallCredentials } from '../../services/legacy-access/legacy-access.ts';

/** Legacy 1.2: `app_key` or its alias, and `Authorization`, or the older `access_token` where that is absent. */
export function readCredentials(headers: IncomingHttpHeaders): LegacyCallCredentials {
  const { authorization } = headers;
  return {
    appKey: textOf(headers['app_key']) ?? textOf(headers['x-app-key']),
    accessToken: authorization === undefined ? textOf(headers['access_token']) : bearerOf(authorization),
  };
}

const textOf = (value: string | string[] | undefined): string | undefined => {
  const text = Array.isArray(value) ? value[0] : value;
  return text === '' ? undefined : text;
};

/** The scheme in any case. */
const bearerOf = (authorization: string): string | undefined => /^bearer +(\S+)$/i.exec(authorization)?.[1];
