import type { AppId } from '../../../src/domain/ids.ts';
import { call, type HttpAnswer } from '../../support/http-client.ts';
import { startWholeApi } from '../../support/whole-api.ts';

type Headers = Readonly<Record<string, string>>;

export interface LegacyAsk {
  readonly headers?: Headers;
  /** An object is sent as JSON, text and bytes as they are. */
  readonly body?: unknown;
}

export interface LegacyTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** An application with a token, as a client of it. */
export interface LegacyClient {
  readonly appId: AppId;
  readonly accessToken: string;
  readonly headers: Headers;
  ask(method: string, path: string, ask?: LegacyAsk): Promise<HttpAnswer>;
}

export const security = '/iocm/app/sec/v1.1.0';
export const upgrade = '/iodm/northbound/v1.5.0';
export const testSecret = 'Secret0123456789';

/** The legacy generation over real HTTP, calls not limited unless the settings say so. */
export async function startLegacyApi(settings: Headers = {}) {
  const api = await startWholeApi({ MUSTER_LEGACY_CALLS_PER_MINUTE: '0', ...settings });
  const { scope } = api;

  const ask = (method: string, path: string, { headers = {}, body }: LegacyAsk = {}): Promise<HttpAnswer> => {
    if (body === undefined) return call(api.port, { method, path, headers });
    const sent = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return call(api.port, { method, path, headers, body: sent });
  };

  const setSecret = async (appId: AppId, secret = testSecret): Promise<void> => {
    const { status } = await api.ofProject('POST', `/apps/${appId}/legacy-secret`, { secret });
    if (status !== 201) throw new Error(`The secret was refused with ${status}.`);
  };

  /** By the form that the official clients send. */
  const login = (appId: string, secret = testSecret): Promise<HttpAnswer> =>
    ask('POST', `${security}/login`, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `appId=${appId}&secret=${secret}`,
    });

  const signIn = async (appId: AppId): Promise<LegacyClient> => {
    const { status, json } = await login(appId);
    if (status !== 200) throw new Error(`The login was refused with ${status}.`);
    const { accessToken } = json as LegacyTokens;
    const own = { app_key: appId, Authorization: `Bearer ${accessToken}` };
    return {
      ...{ appId, accessToken, headers: own },
      ask: (method, path, { headers = {}, body } = {}) => ask(method, path, { headers: { ...own, ...headers }, body }),
    };
  };

  /** Another application of the project, with the same secret. */
  const newClient = async (): Promise<LegacyClient> => {
    const { appId } = await api.given.app(scope);
    await setSecret(appId);
    return signIn(appId);
  };

  await setSecret(scope.appId);
  return { ...api, ask, login, setSecret, signIn, newClient, appId: scope.appId, client: await signIn(scope.appId) };
}

export type LegacyApi = Awaited<ReturnType<typeof startLegacyApi>>;

/** `403 1010005`. */
export function codeOf({ status, json }: HttpAnswer): string {
  return `${status} ${String((json as { error_code?: unknown } | undefined)?.error_code ?? '')}`.trim();
}
