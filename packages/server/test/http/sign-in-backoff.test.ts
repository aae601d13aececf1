import { expect, it } from 'vitest';
import { createAuthBackoff } from '../../src/services/device-side/sign-in/auth-backoff.ts';
import { startApiServer, testPassword } from '../support/api-server.ts';
import { type HttpAnswer, call } from '../support/http-client.ts';
import { createManualClock } from '../support/manual-clock.ts';

it('wrong passwords without end are refused unread for a while, the right one after it is taken', async () => {
  const clock = createManualClock();
  const settings = { authFailuresPerMinute: 3, authBackoffSeconds: 60, authBackoffKeysMax: 10 };
  const server = await startApiServer({ clock, backoff: createAuthBackoff({ clock, ...settings }) });
  const signIn = (password: string): Promise<HttpAnswer> => {
    const user = { name: 'admin', password, domain: { name: 'muster' } };
    const auth = { identity: { methods: ['password'], password: { user } } };
    return call(server.port, { method: 'POST', path: '/v3/auth/tokens', body: JSON.stringify({ auth }) });
  };
  expect((await signIn(testPassword)).status).toBe(201);
  for (let guess = 0; guess < 3; guess++) expect((await signIn(`guess ${guess}`)).status).toBe(401);
  const refused = await signIn(testPassword);
  expect([refused.status, refused.json]).toMatchObject([403, { error_code: 'IOTDA.021101' }]);
  await clock.advance(60_000);
  expect((await signIn(testPassword)).status).toBe(201);
  await server.stop();
});
