import type { ReplyBook } from '../../services/reply-book.ts';
import { decodeJson } from '../../services/device-side/decode/json-payload.ts';
import type { UplinkHandler } from './uplink-call.ts';

/** Answers to commands, property sets and property gets (device 6.1): matched by device and request id; an empty one is `{}`. */
export function createReplyHandler(replies: Pick<ReplyBook, 'onReply'>): UplinkHandler {
  return async ({ session, payload, requestId, drop }) => {
    if (requestId === undefined || requestId === '') return drop('unknown-request');
    await replies.onReply(session.device.deviceId, requestId, payload.length === 0 ? {} : decodeJson(payload));
  };
}
