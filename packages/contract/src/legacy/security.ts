import { Type } from 'typebox';
import type { Static } from 'typebox';
import { count, oneOf, shown, string } from './primitives.ts';

// Legacy 2. Login is a form, whose field names match in any case; a JSON body will do as well.
const credentials = {
  appId: string(256, 'The application.', 1),
  secret: string(256, 'Its secret.', 1),
};

export const LoginRequest = Type.Object(credentials);
export type LoginRequest = Static<typeof LoginRequest>;

export const RefreshTokenRequest = Type.Object({
  ...credentials,
  refreshToken: string(256, 'A refresh token of the application.', 1),
});
export type RefreshTokenRequest = Static<typeof RefreshTokenRequest>;

export const LogoutRequest = Type.Object({ accessToken: string(256, 'The access token that ends.', 1) });
export type LogoutRequest = Static<typeof LogoutRequest>;

export const TokenDocument = Type.Object({
  scope: oneOf(['default'], 'Always `default`.'),
  tokenType: oneOf(['bearer'], 'Always `bearer`.'),
  expiresIn: count('Seconds for which the access token is valid.'),
  accessToken: shown('For the header Authorization.'),
  refreshToken: shown('Gets new tokens when this one has expired.'),
});
export type TokenDocument = Static<typeof TokenDocument>;
