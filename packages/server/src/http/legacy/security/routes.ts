import { LoginRequest, LogoutRequest, RefreshTokenRequest } from '@muster/contract/legacy';
import type { LegacySignIn } from '../../../services/legacy-access/legacy-sign-in.ts';
import { type LegacyRoute, legacyRoute } from '../route.ts';
import { encodeTokens } from './encode.ts';

/** Legacy 2. */
export function createSecurityRoutes(signIn: LegacySignIn): LegacyRoute[] {
  return [
    legacyRoute('Login', {
      body: LoginRequest,
      form: 'form',
      handle: async ({ body, remoteAddress }) => encodeTokens(await signIn.login({ ...body, remoteAddress })),
    }),
    legacyRoute('RefreshToken', {
      body: RefreshTokenRequest,
      form: 'words',
      handle: async ({ body, remoteAddress }) => encodeTokens(await signIn.refresh({ ...body, remoteAddress })),
    }),
    legacyRoute('Logout', {
      body: LogoutRequest,
      form: 'words',
      handle: ({ body }) => signIn.logout(body.accessToken),
    }),
  ];
}
