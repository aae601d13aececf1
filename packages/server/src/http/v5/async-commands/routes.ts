import {
  CountAsyncCommandHistoryQuery,
  CreateAsyncCommandRequest,
  ListAsyncCommandHistoryQuery,
  ListAsyncCommandsQuery,
} from '@muster/contract/v5';
import { asId, type CommandId, type DeviceId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { AsyncCommandService, CommandPlace } from '../../../services/async-commands.ts';
import { decodePage, encodePage } from '../page.ts';
import { v5Route, type V5Call, type V5Route } from '../route.ts';
import { decodeCommandQuery } from './decode.ts';
import { encodeCommand, encodeCommandItem, encodeNewCommand } from './encode.ts';

/** v5 9, Async command. */
export function createAsyncCommandRoutes(commands: AsyncCommandService): V5Route[] {
  return [
    v5Route('CreateAsyncCommand', {
      body: CreateAsyncCommandRequest,
      handle: async (call) => encodeNewCommand(await commands.create(placeOf(call), call.body as JsonObject)),
    }),
    v5Route('ListAsyncCommands', {
      query: ListAsyncCommandsQuery,
      handle: async (call) => {
        const page = await commands.list(placeOf(call), decodeCommandQuery(call.query), decodePage(call.query));
        return { commands: page.items.map(encodeCommandItem), page: encodePage(page) };
      },
    }),
    v5Route('ListAsyncHistoryCommands', {
      query: ListAsyncCommandHistoryQuery,
      handle: async (call) => {
        const page = await commands.listHistory(placeOf(call), decodeCommandQuery(call.query), decodePage(call.query));
        return { commands: page.items.map(encodeCommandItem), page: { marker: page.marker } };
      },
    }),
    v5Route('CountAsyncHistoryCommands', {
      query: CountAsyncCommandHistoryQuery,
      handle: async (call) => ({
        count: await commands.countHistory(placeOf(call), decodeCommandQuery(call.query)),
      }),
    }),
    v5Route('ShowAsyncDeviceCommand', {
      handle: async (call) =>
        encodeCommand(await commands.get(placeOf(call), asId<CommandId>(call.param('command_id')))),
    }),
  ];
}

const placeOf = ({ projectId, param }: Pick<V5Call, 'projectId' | 'param'>): CommandPlace => ({
  projectId,
  deviceId: asId<DeviceId>(param('device_id')),
});
