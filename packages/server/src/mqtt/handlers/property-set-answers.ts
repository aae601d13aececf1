import { isJsonObject } from '../../domain/json.ts';
import { decodeJson } from '../../services/device-side/decode/json-payload.ts';
import type { ShadowDelivery } from '../shadows/shadow-delivery.ts';
import type { UplinkHandler } from './uplink-call.ts';

/** `properties/set/response`: the answer to what was sent of a shadow (device 6.4), else to whoever else set properties. */
export function createSetAnswerHandler(
  shadows: Pick<ShadowDelivery, 'onAnswer'>,
  otherwise: UplinkHandler,
): UplinkHandler {
  return async (call) => {
    const { session, payload, requestId } = call;
    // device 6.1: what is no JSON is no answer.
    const isAnswer = payload.length === 0 || isJsonObject(decodeJson(payload));
    if (isAnswer && requestId !== undefined && shadows.onAnswer(session, requestId)) return;
    await otherwise(call);
  };
}
