import type { LegacyAnswerOf } from '@muster/contract/legacy';
import type { Body, Query } from './call-parts.ts';
import type { LegacyApi, LegacyCallOptions } from './legacy-api.ts';

/** Commands that wait for their devices, and immediate ones (legacy 7). */
export function createCommands(api: LegacyApi) {
  return {
    create: (body: Body<'CreateDeviceCommand'>, options?: LegacyCallOptions) =>
      api.call('CreateDeviceCommand', { ...options, body }),
    list: (query: Query<'ListDeviceCommands'> = {}, options?: LegacyCallOptions) =>
      api.call('ListDeviceCommands', { ...options, query }),
    listAll: (query: Query<'ListDeviceCommands'> = {}, options?: LegacyCallOptions) =>
      api.each('ListDeviceCommands', { ...options, query }),
    cancel: (deviceCommandId: string, options?: LegacyCallOptions): Promise<LegacyAnswerOf<'CancelDeviceCommand'>> =>
      api.call('CancelDeviceCommand', { ...options, params: { deviceCommandId }, body: { status: 'CANCELED' } }),
    /** All that still wait for the device. */
    cancelAll: (deviceId: string, options?: LegacyCallOptions) =>
      api.call('CancelDeviceCommands', { ...options, body: { deviceId } }),
    listCancellations: (query: Query<'ListCommandCancelTasks'> = {}, options?: LegacyCallOptions) =>
      api.call('ListCommandCancelTasks', { ...options, query }),
    listAllCancellations: (query: Query<'ListCommandCancelTasks'> = {}, options?: LegacyCallOptions) =>
      api.each('ListCommandCancelTasks', { ...options, query }),
    /** Now, to a device that is connected. */
    send: (
      { deviceId, serviceId }: { readonly deviceId: string; readonly serviceId: string },
      body: Body<'SendCommand'>,
      options?: LegacyCallOptions,
    ) => api.call('SendCommand', { ...options, params: { deviceId, serviceId }, body }),
  };
}
