import type { DownlinkContent } from '../domain/downlink.ts';
import type { JsonObject } from '../domain/json.ts';
import { type Cause, causeOf, Problem } from '../domain/problem.ts';
import type { DeviceLink } from '../ports/device-link.ts';
import type { Random } from '../ports/random.ts';
import type { DeviceReach } from '../ports/store/device-store.ts';
import type { ReplyBook } from './reply-book.ts';

export interface DeviceCall {
  readonly reach: DeviceReach;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
  contentOf(requestId: string): DownlinkContent;
}

export interface DeviceAnswer {
  readonly requestId: string;
  /** What the device said. */
  readonly response: JsonObject;
  /** The device's own word that it failed; the call itself has succeeded. */
  readonly failure: Cause | undefined;
}

export interface DeviceCallParts {
  readonly link: DeviceLink;
  readonly random: Random;
  readonly replies: ReplyBook;
}

/** Sends to a device and waits for its answer (device 6.1). Problems: deviceOffline, commandTimeout, rateLimited, notReady. */
export async function askDevice(
  { link, random, replies }: DeviceCallParts,
  { reach, signal, contentOf }: DeviceCall,
): Promise<DeviceAnswer> {
  const { deviceId, rootId } = reach;
  if (!reach.reachable) throw new Problem('deviceOffline');
  const requestId = random.uuid();
  const reply = replies.expect({ rootId, requestId, signal });
  link.send([{ deviceId, rootId, content: contentOf(requestId) }]);
  const { resultCode, body } = await reply;
  const failure = resultCode === 0 ? undefined : causeOf('deviceReportedFailure', resultCode);
  return { requestId, response: body, failure };
}
