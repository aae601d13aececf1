import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import { ResultError, charsString, id, name, names, oneOf, shown, string } from './primitives.ts';

// v5 9, Message. 256 KB (014134), 128 bytes of topic_full_name and a taken message_id (014131) are checked in services.
const encodings = ['none', 'base64'] as const;
const payloadFormats = ['standard', 'raw'] as const;

const MessageProperties = Type.Object(
  {
    correlation_data: Type.Optional(id(128, 'Correlation data.')),
    response_topic: Type.Optional(
      charsString({
        chars: 'A-Za-z0-9_?=$#+/-',
        words: 'letters, digits and _-?=$#+/',
        description: 'Topic for the answer.',
        min: 0,
        max: 128,
      }),
    ),
    user_properties: Type.Optional(
      Type.Array(
        Type.Object(
          { prop_key: id(128, 'Key.'), prop_value: names(128, 'Value.') },
          { description: 'A user property.' },
        ),
        { description: 'User properties.', maxItems: 20 },
      ),
    ),
  },
  { description: 'MQTT 5 properties.' },
);

const messageContent = Type.Unknown({ description: 'Text or any JSON, at most 256 KB.' });

export const CreateMessageRequest = Type.Object({
  message_id: Type.Optional(id(100, 'Id, unique for the device; absent: generated.')),
  name: Type.Optional(name(128, 'Name.')),
  message: messageContent,
  properties: Type.Optional(MessageProperties),
  encoding: defaulted(oneOf(encodings, 'How `message` encodes the payload.'), 'none'),
  payload_format: defaulted(oneOf(payloadFormats, 'raw: the payload alone; standard: wrapped in JSON.'), 'standard'),
  topic: Type.Optional(string(128, 'Suffix behind $oc/devices/{device_id}/user/.')),
  topic_full_name: Type.Optional(string(128, 'The whole topic; wins over `topic`. At most 128 bytes.')),
  ttl: defaulted(
    Type.Integer({
      description: 'Minutes in the cache of an offline device; 0: no cache.',
      minimum: 0,
      maximum: 1440,
      multipleOf: 5,
    }),
    1440,
  ),
});
export type CreateMessageRequest = Static<typeof CreateMessageRequest>;

export const messageStatuses = ['PENDING', 'DELIVERED', 'FAILED', 'TIMEOUT'] as const;
const status = oneOf(messageStatuses, 'State.');
const times = {
  created_time: shown("When it was made, yyyyMMdd'T'HHmmss'Z'."),
  finished_time: Type.Optional(shown('When it reached its final state.')),
};

export const CreateMessageResponse = Type.Object({
  message_id: shown('Id of the message.'),
  result: Type.Object({ status, ...times }, { description: 'State of the message.' }),
});
export type CreateMessageResponse = Static<typeof CreateMessageResponse>;

export const Message = Type.Object({
  message_id: shown('Id of the message.'),
  name: Type.Optional(shown('Name.')),
  message: messageContent,
  properties: Type.Optional(MessageProperties),
  encoding: Type.Optional(oneOf(encodings, 'How `message` encodes the payload.')),
  payload_format: Type.Optional(oneOf(payloadFormats, 'raw or standard.')),
  topic: Type.Optional(shown('Topic suffix.')),
  status,
  error_info: Type.Optional(ResultError),
  ...times,
});
export type Message = Static<typeof Message>;

/** v5 9: an unknown message is 200 with an empty object. */
export const ShowMessageResponse = Type.Partial(Message);
export type ShowMessageResponse = Static<typeof ShowMessageResponse>;

export const ListMessagesResponse = Type.Object({
  device_id: shown('Device id.'),
  messages: Type.Array(Message, { description: 'At most 20; this list has no pages.' }),
});
export type ListMessagesResponse = Static<typeof ListMessagesResponse>;
