import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import { freeForm, oneOf, PageInfo, pagingQuery, shown, string, timeField } from './primitives.ts';

// v5 9, Async command. 32 KB of paras (014134), room in the queue (014132) and whether the device is online (014016) are checked in services.
const strategies = ['delay', 'immediately'] as const;

export const CreateAsyncCommandRequest = Type.Object({
  service_id: Type.Optional(string(64, 'Service of the device.')),
  command_name: Type.Optional(string(128, 'Command of the service.')),
  paras: freeForm('Parameters of the command, at most 32 KB.'),
  expire_time: Type.Optional(
    Type.Integer({
      description: 'Seconds in the cache, for `delay` only; 0 or absent: 24 hours.',
      minimum: 0,
      maximum: 172_800,
    }),
  ),
  send_strategy: defaulted(
    oneOf(strategies, 'delay: one after the other, cached while the device is away; immediately: now or not at all.'),
    'delay',
  ),
  max_retransmit: Type.Optional(
    Type.Integer({
      description: 'Extension: how often it leaves once more, under the same id, while the device does not answer.',
      minimum: 0,
      maximum: 3,
    }),
  ),
  callback_url: Type.Optional(
    string(1024, 'Extension: http or https address that is told of every status from SENT on.'),
  ),
});
export type CreateAsyncCommandRequest = Static<typeof CreateAsyncCommandRequest>;

/** What the list of current commands shows. */
export const asyncCommandStatuses = ['PENDING', 'SENT', 'DELIVERED'] as const;
/** What the history shows. */
export const asyncCommandHistoryStatuses = ['EXPIRED', 'SUCCESSFUL', 'FAILED', 'TIMEOUT', 'DELIVERED'] as const;

const itemFields = {
  device_id: shown('Device id.'),
  command_id: shown('Id of the command, a UUID; the request id that the device sees.'),
  service_id: Type.Optional(shown('Service.')),
  command_name: Type.Optional(shown('Command.')),
  expire_time: Type.Optional(Type.Integer({ description: 'Seconds in the cache; of `delay` only.' })),
  status: oneOf([...asyncCommandStatuses, 'EXPIRED', 'SUCCESSFUL', 'FAILED', 'TIMEOUT'], 'State.'),
  created_time: shown("When it was made, yyyyMMdd'T'HHmmss'Z'."),
  send_strategy: oneOf(strategies, 'delay or immediately.'),
};
const times = {
  sent_time: Type.Optional(shown('When it was sent.')),
  delivered_time: Type.Optional(shown('When the device acknowledged it, where it subscribed with QoS 1.')),
  response_time: Type.Optional(shown('When the device answered.')),
};
const paras = freeForm('Parameters of the command.');

export const CreateAsyncCommandResponse = Type.Object({ ...itemFields, paras });
export type CreateAsyncCommandResponse = Static<typeof CreateAsyncCommandResponse>;

export const AsyncCommand = Type.Object({
  ...itemFields,
  paras,
  result: Type.Optional(freeForm('What the device answered.')),
  ...times,
});
export type AsyncCommand = Static<typeof AsyncCommand>;

/** Without `paras` and `result`. */
export const AsyncCommandItem = Type.Object({ ...itemFields, ...times });
export type AsyncCommandItem = Static<typeof AsyncCommandItem>;

const filters = {
  start_time: Type.Optional(timeField('Made at or after this time.')),
  end_time: Type.Optional(timeField('Made at or before this time.')),
  command_name: Type.Optional(string(128, 'Exact name of the command.')),
};
const historyFilters = {
  ...filters,
  status: Type.Optional(oneOf(asyncCommandHistoryStatuses, 'Only commands in this state.')),
};

export const ListAsyncCommandsQuery = Type.Object({
  ...filters,
  status: Type.Optional(oneOf(asyncCommandStatuses, 'Only commands in this state.')),
  ...pagingQuery,
});
export type ListAsyncCommandsQuery = Static<typeof ListAsyncCommandsQuery>;

export const ListAsyncCommandHistoryQuery = Type.Object({ ...historyFilters, ...pagingQuery });
export type ListAsyncCommandHistoryQuery = Static<typeof ListAsyncCommandHistoryQuery>;

export const CountAsyncCommandHistoryQuery = Type.Object(historyFilters);
export type CountAsyncCommandHistoryQuery = Static<typeof CountAsyncCommandHistoryQuery>;

const commands = Type.Array(AsyncCommandItem, { description: 'Newest first.' });

export const ListAsyncCommandsResponse = Type.Object({ commands, page: PageInfo });
export type ListAsyncCommandsResponse = Static<typeof ListAsyncCommandsResponse>;

/** v5 9: the history is counted by a call of its own. */
export const ListAsyncCommandHistoryResponse = Type.Object({
  commands,
  page: Type.Object(
    { marker: Type.Union([Type.String(), Type.Null()], { description: "Record id of this page's last entry." }) },
    { description: 'Where this page ends.' },
  ),
});
export type ListAsyncCommandHistoryResponse = Static<typeof ListAsyncCommandHistoryResponse>;

export const CountAsyncCommandHistoryResponse = Type.Object({
  count: Type.Integer({ description: 'All matches.' }),
});
export type CountAsyncCommandHistoryResponse = Static<typeof CountAsyncCommandHistoryResponse>;
