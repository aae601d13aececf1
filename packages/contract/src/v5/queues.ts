import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import { charsString, oneOf, PageInfo, pagingQuery, shown, string } from './primitives.ts';

// v5 15.6.
export const CreateQueueRequest = Type.Object({
  queue_name: charsString({
    chars: 'A-Za-z0-9_.:-',
    words: 'letters, digits, _ . : and -',
    description: 'Name, unique in the project.',
    min: 8,
    max: 128,
  }),
});
export type CreateQueueRequest = Static<typeof CreateQueueRequest>;

export const ListQueuesQuery = Type.Object({
  queue_name: Type.Optional(string(128, 'Only queues with this in their name.')),
  ...pagingQuery,
});
export type ListQueuesQuery = Static<typeof ListQueuesQuery>;

const words = {
  queue_id: 'Queue id, a UUID.',
  queue_name: 'Name: what consumers give as the source of their link.',
  create_time: "When it was made, yyyyMMdd'T'HHmmss'Z'.",
  last_modify_time: "When it was changed, yyyyMMdd'T'HHmmss'Z'.",
};

export const Queue = Type.Object({
  queue_id: shown(words.queue_id),
  queue_name: shown(words.queue_name),
  create_time: shown(words.create_time),
  last_modify_time: shown(words.last_modify_time),
});
export type Queue = Static<typeof Queue>;

export const ListQueuesResponse = Type.Object({
  queues: Type.Array(Queue, { description: 'This page.' }),
  page: PageInfo,
});
export type ListQueuesResponse = Static<typeof ListQueuesResponse>;

const orNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

/** A queue that does not exist is shown, too: all its keys are null. */
export const ShowQueueResponse = Type.Object({
  queue_id: orNull(words.queue_id),
  queue_name: orNull(words.queue_name),
  create_time: orNull(words.create_time),
  last_modify_time: orNull(words.last_modify_time),
});
export type ShowQueueResponse = Static<typeof ShowQueueResponse>;

const accessCodeTypes = ['AMQP', 'MQTT'] as const;

export const CreateAccessCodeRequest = Type.Object({
  type: defaulted(oneOf(accessCodeTypes, 'Whose access code; MQTT is stored only.'), 'AMQP'),
  force_disconnect: defaulted(
    Type.Boolean({ description: 'Whether connections that signed in with the former one end.' }),
    false,
  ),
});
export type CreateAccessCodeRequest = Static<typeof CreateAccessCodeRequest>;

export const CreateAccessCodeResponse = Type.Object({
  access_key: shown('8 characters: part of the user name of consumers.'),
  access_code: shown('Their password. Shown this once.'),
});
export type CreateAccessCodeResponse = Static<typeof CreateAccessCodeResponse>;
