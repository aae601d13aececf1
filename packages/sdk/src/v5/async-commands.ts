import type {
  AsyncCommand,
  CountAsyncCommandHistoryQuery,
  CountAsyncCommandHistoryResponse,
  CreateAsyncCommandRequest,
  CreateAsyncCommandResponse,
  ListAsyncCommandHistoryQuery,
  ListAsyncCommandHistoryResponse,
  ListAsyncCommandsQuery,
  ListAsyncCommandsResponse,
} from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';

/** Commands whose answer is not waited for, cached while a device is away (v5 9). */
export function createAsyncCommands(api: ProjectApi) {
  const base = (deviceId: string, ...rest: string[]): string[] => ['devices', deviceId, ...rest];
  const list = (
    deviceId: string,
    query: ListAsyncCommandsQuery = {},
    options?: CallOptions,
  ): Promise<ListAsyncCommandsResponse> =>
    api.json({ ...options, method: 'GET', path: base(deviceId, 'async-commands'), query: toQuery(query) });
  const listHistory = (
    deviceId: string,
    query: ListAsyncCommandHistoryQuery = {},
    options?: CallOptions,
  ): Promise<ListAsyncCommandHistoryResponse> =>
    api.json({ ...options, method: 'GET', path: base(deviceId, 'async-commands-history'), query: toQuery(query) });
  return {
    /** `immediately` and offline: IOTDA.014016; 20 wait already: IOTDA.014132. */
    create: (
      deviceId: string,
      body: ReadonlyDeep<CreateAsyncCommandRequest>,
      options?: CallOptions,
    ): Promise<CreateAsyncCommandResponse> =>
      api.json({ ...options, method: 'POST', path: base(deviceId, 'async-commands'), json: body }),
    get: (deviceId: string, commandId: string, options?: CallOptions): Promise<AsyncCommand> =>
      api.json({ ...options, method: 'GET', path: base(deviceId, 'async-commands', commandId) }),
    /** PENDING, SENT and DELIVERED ones. */
    list,
    listAll: (deviceId: string, query: ListAsyncCommandsQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: ListAsyncCommandsQuery) => list(deviceId, paged, options),
        ({ commands, page }) => ({ items: commands, marker: page.marker }),
        query,
      ),
    /** EXPIRED, SUCCESSFUL, FAILED, TIMEOUT and DELIVERED ones; its pages are not counted. */
    listHistory,
    listAllHistory: (deviceId: string, query: ListAsyncCommandHistoryQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: ListAsyncCommandHistoryQuery) => listHistory(deviceId, paged, options),
        ({ commands, page }) => ({ items: commands, marker: page.marker }),
        query,
      ),
    countHistory: (
      deviceId: string,
      query: CountAsyncCommandHistoryQuery = {},
      options?: CallOptions,
    ): Promise<CountAsyncCommandHistoryResponse> =>
      api.json({
        ...options,
        method: 'POST',
        path: base(deviceId, 'async-commands-history', 'count'),
        query: toQuery(query),
      }),
  };
}
