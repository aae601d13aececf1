import type { CallOptions } from '../transport.ts';
import type { ProjectApi } from './project-api.ts';
import type { Message, MessageReceipt, SendMessage } from './wire.ts';

/** Messages to devices, cached while a device is away (v5 9). */
export function createMessages(api: ProjectApi) {
  const base = (deviceId: string, ...rest: string[]): string[] => ['devices', deviceId, 'messages', ...rest];
  return {
    send: (deviceId: string, body: SendMessage, options?: CallOptions): Promise<MessageReceipt> =>
      api.json({ ...options, method: 'POST', path: base(deviceId), json: body }),
    /** All kept messages of the device, at most 20 of them pending; no paging. */
    list: (deviceId: string, options?: CallOptions): Promise<{ device_id: string; messages: Message[] }> =>
      api.json({ ...options, method: 'GET', path: base(deviceId) }),
    /** An unknown message is an empty object, not an error: v5 9. */
    get: (deviceId: string, messageId: string, options?: CallOptions): Promise<Partial<Message>> =>
      api.json({ ...options, method: 'GET', path: base(deviceId, messageId) }),
    /** Withdraws a pending message. */
    delete: (deviceId: string, messageId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: base(deviceId, messageId) }),
  };
}
