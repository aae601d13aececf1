import { parseCommand } from '../domain/command.ts';
import type { DeviceId, ProjectId } from '../domain/ids.ts';
import type { JsonObject } from '../domain/json.ts';
import { Problem } from '../domain/problem.ts';
import { commandIsUndefined } from '../domain/product.ts';
import type { ProductStore } from '../ports/store/catalogue-stores.ts';
import type { DeviceReach, SessionStore } from '../ports/store/device-store.ts';
import { askDevice, type DeviceAnswer, type DeviceCallParts } from './device-calls.ts';

export interface SendCommand {
  readonly projectId: ProjectId;
  readonly deviceId: DeviceId;
  /** The single call's body: `service_id`, `command_name`, `paras`. */
  readonly body: JsonObject;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
}

/** The synchronous command (v5 9, device 6.1). */
export interface CommandService {
  /**
   * Sends and waits for the answer. Problems: invalidInput, contentTooLarge, deviceNotFound, commandUndefined, deviceOffline,
   * commandTimeout, rateLimited, notReady.
   */
  send(command: SendCommand): Promise<DeviceAnswer>;
}

export interface CommandServiceParts extends DeviceCallParts {
  readonly store: { readonly sessions: SessionStore; readonly products: ProductStore };
}

export function createCommandService(parts: CommandServiceParts): CommandService {
  return {
    async send({ projectId, deviceId, body, signal }) {
      const request = parseCommand(body);
      const reach = await parts.store.sessions.findReach(projectId, deviceId);
      if (reach === undefined) throw new Problem('deviceNotFound');
      await checkModel(parts, { projectId, reach, ...request });
      return askDevice(parts, {
        reach,
        signal,
        contentOf: (requestId) => ({ kind: 'command', requestId, ...request }),
      });
    },
  };
}

interface AskedOfModel {
  readonly projectId: ProjectId;
  readonly reach: DeviceReach;
  readonly serviceId?: string;
  readonly commandName?: string;
}

/** v5 9: with no service named, `paras` is free and the model is not looked at. */
async function checkModel({ store }: CommandServiceParts, asked: AskedOfModel): Promise<void> {
  const { projectId, reach, serviceId, commandName } = asked;
  if (serviceId === undefined) return;
  const product = await store.products.find(projectId, reach.productId, reach.appId);
  if (product !== undefined && commandIsUndefined(product, serviceId, commandName)) {
    throw new Problem('commandUndefined', { field: 'command_name' });
  }
}
