import type { TokenDocument } from '@muster/contract/legacy';
import type { IssuedLegacyTokens, LegacySignInRefusal } from '../../../services/legacy-access/legacy-sign-in.ts';
import { refusalError } from '../refusals.ts';

/** Throws what the refusal is called. */
export function encodeTokens(outcome: IssuedLegacyTokens | LegacySignInRefusal): TokenDocument {
  if (outcome.kind === 'refused') throw refusalError(outcome, 'iocm');
  const { accessToken, refreshToken, expiresInSeconds: expiresIn } = outcome;
  return { scope: 'default', tokenType: 'bearer', expiresIn, accessToken, refreshToken };
}
