import type { LegacyAnswerOf } from '@muster/contract/legacy';
import type { Body, Query } from './call-parts.ts';
import type { LegacyApi, LegacyCallOptions } from './legacy-api.ts';
import { type WaitOptions, waitUntil } from './wait-until.ts';

/** Software and firmware upgrades (legacy 4.2 to 4.5). */
export function createUpgrades(api: LegacyApi) {
  const one = (operationId: string) => ({ params: { operationId } });
  return {
    createSoftware: (body: Body<'CreateSoftwareUpgrade'>, options?: LegacyCallOptions) =>
      api.call('CreateSoftwareUpgrade', { ...options, body }),
    createFirmware: (body: Body<'CreateFirmwareUpgrade'>, options?: LegacyCallOptions) =>
      api.call('CreateFirmwareUpgrade', { ...options, body }),
    list: (query: Query<'ListOperations'> = {}, options?: LegacyCallOptions) =>
      api.call('ListOperations', { ...options, query }),
    listAll: (query: Query<'ListOperations'> = {}, options?: LegacyCallOptions) =>
      api.each('ListOperations', { ...options, query }),
    get: (operationId: string, options?: LegacyCallOptions) =>
      api.call('ShowOperation', { ...options, ...one(operationId) }),
    listSubOperations: (operationId: string, query: Query<'ListSubOperations'> = {}, options?: LegacyCallOptions) =>
      api.call('ListSubOperations', { ...options, ...one(operationId), query }),
    /** All sub-operations, a page in memory at a time. */
    listAllSubOperations: (operationId: string, query: Query<'ListSubOperations'> = {}, options?: LegacyCallOptions) =>
      api.each('ListSubOperations', { ...options, ...one(operationId), query }),
    stop: (operationId: string, options?: LegacyCallOptions) =>
      api.call('StopOperation', { ...options, ...one(operationId) }),
    delete: (operationId: string, options?: LegacyCallOptions) =>
      api.call('DeleteOperation', { ...options, ...one(operationId) }),
    /** Waits until the operation has ended and returns it. Servers may write its states in capitals. */
    waitFor: (operationId: string, options?: WaitOptions<LegacyAnswerOf<'ShowOperation'>>) =>
      waitUntil(
        (call) => api.call('ShowOperation', { ...call, ...one(operationId) }),
        ({ status }) => !['wait', 'processing'].includes(status.toLowerCase()),
        options,
      ),
  };
}
