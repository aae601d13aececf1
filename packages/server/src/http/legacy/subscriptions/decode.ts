import type { ManagementSubscribeRequest } from '@muster/contract/legacy';
import { callbackUrlMax, isCallbackUrl, type SubscriptionKind } from '../../../domain/legacy-subscription.ts';
import type { Subscribe } from '../../../services/legacy-subscriptions.ts';
import { LegacyError } from '../legacy-error.ts';
import { badInput } from '../problems.ts';

/** Legacy 8: the URL in either spelling, `callbackUrl` first. Errors: bad input without one, 100222. */
export function decodeSubscribe(
  { notifyType, callbackUrl, callbackurl }: ManagementSubscribeRequest,
  kind: SubscriptionKind,
): Subscribe {
  const url = callbackUrl ?? callbackurl;
  if (url === undefined) {
    const [family, name] =
      kind === 'management' ? (['iodm', 'callbackurl'] as const) : (['iocm', 'callbackUrl'] as const);
    throw badInput(family, `The parameter '${name}' is missing.`);
  }
  if (!isCallbackUrl(url)) {
    const rule = `must be an absolute http or https URL of at most ${callbackUrlMax} characters`;
    throw new LegacyError('100222', { detail: `The parameter 'callbackUrl' ${rule}.` });
  }
  return { notifyType, url, kind };
}
