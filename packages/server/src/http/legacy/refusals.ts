import type { LegacyFamily } from '@muster/contract/legacy';
import type { LegacyAccessRefusal } from '../../services/legacy-access/legacy-access.ts';
import type { LegacySignInRefusal } from '../../services/legacy-access/legacy-sign-in.ts';
import { LegacyError } from './legacy-error.ts';

type Refusal = LegacyAccessRefusal | LegacySignInRefusal;

/** Legacy 1.5 and 2: what each refusal is called; `/iodm` has one name for whatever is wrong with the credentials of a call. */
const codes: Readonly<Record<Refusal['reason'], Readonly<Record<LegacyFamily, string>>>> = {
  'no-app-key': { iocm: '100025', iodm: '1010005' },
  'unknown-app-key': { iocm: '100203', iodm: '1010005' },
  'bad-token': { iocm: '1010005', iodm: '1010005' },
  throttled: { iocm: '1010009', iodm: '1010009' },
  'unknown-owner': { iocm: '100203', iodm: '100203' },
  'not-granted': { iocm: '100217', iodm: '100217' },
  'wrong-secret': { iocm: '100208', iodm: '100208' },
  frozen: { iocm: '100247', iodm: '100247' },
  'wrong-refresh-token': { iocm: '100006', iodm: '100006' },
  'too-many-failures': { iocm: '1010009', iodm: '1010009' },
};

export function refusalError(refusal: Refusal, family: LegacyFamily): LegacyError {
  const code = codes[refusal.reason][family];
  if (!('retryAfterMs' in refusal)) return new LegacyError(code);
  return new LegacyError(code, { headers: { 'retry-after': String(Math.ceil(refusal.retryAfterMs / 1000)) } });
}
