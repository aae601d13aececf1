import type {
  CreateMessageRequest,
  CreateMessageResponse,
  ListMessagesResponse,
  ShowMessageResponse,
} from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import type { ProjectApi } from './project-api.ts';

/** Messages to devices, cached while a device is away (v5 9). */
export function createMessages(api: ProjectApi) {
  const base = (deviceId: string, ...rest: string[]): string[] => ['devices', deviceId, 'messages', ...rest];
  return {
    send: (
      deviceId: string,
      body: ReadonlyDeep<CreateMessageRequest>,
      options?: CallOptions,
    ): Promise<CreateMessageResponse> => api.json({ ...options, method: 'POST', path: base(deviceId), json: body }),
    /** All kept messages of the device, at most 20 of them pending; no paging. */
    list: (deviceId: string, options?: CallOptions): Promise<ListMessagesResponse> =>
      api.json({ ...options, method: 'GET', path: base(deviceId) }),
    /** An unknown message is an empty object, not an error: v5 9. */
    get: (deviceId: string, messageId: string, options?: CallOptions): Promise<ShowMessageResponse> =>
      api.json({ ...options, method: 'GET', path: base(deviceId, messageId) }),
    /** Withdraws a pending message. */
    delete: (deviceId: string, messageId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: base(deviceId, messageId) }),
  };
}
