import { CreateMessageRequest } from '@muster/contract/v5';
import { asId, type DeviceId, type MessageId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { MessagePlace, MessageService } from '../../../services/messages.ts';
import { v5Route, type V5Call, type V5Route } from '../route.ts';
import { encodeMessage, encodeMessageResult } from './encode.ts';

/** v5 9, Message. */
export function createMessageRoutes(messages: MessageService): V5Route[] {
  return [
    v5Route('CreateMessage', {
      body: CreateMessageRequest,
      handle: async (call) => encodeMessageResult(await messages.create(placeOf(call), call.body as JsonObject)),
    }),
    v5Route('ListDeviceMessages', {
      handle: async (call) => {
        const place = placeOf(call);
        return { device_id: place.deviceId, messages: (await messages.list(place)).map(encodeMessage) };
      },
    }),
    v5Route('ShowDeviceMessage', {
      // An unknown one is an empty object (terraform).
      handle: async (call) => {
        const message = await messages.find(placeOf(call), messageIdOf(call));
        return message === undefined ? {} : encodeMessage(message);
      },
    }),
    v5Route('DeleteDeviceMessage', { handle: (call) => messages.withdraw(placeOf(call), messageIdOf(call)) }),
  ];
}

type AnyCall = Pick<V5Call, 'projectId' | 'param'>;

const placeOf = ({ projectId, param }: AnyCall): MessagePlace => ({
  projectId,
  deviceId: asId<DeviceId>(param('device_id')),
});

const messageIdOf = ({ param }: AnyCall): MessageId => asId<MessageId>(param('message_id'));
