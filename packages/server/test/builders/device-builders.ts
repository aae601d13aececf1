import { commandExpiry, type NewAsyncCommand } from '../../src/domain/async-command.ts';
import type { NewDevice } from '../../src/domain/device.ts';
import { asId, type CommandId, type DeviceId, type MessageId } from '../../src/domain/ids.ts';
import type { NewMessage } from '../../src/domain/message.ts';
import { builtAt, random, recordId, uniqueName } from './chance.ts';

/** A direct device with a secret of its own, never connected. Its id follows from product and node, as the contract's default does. */
export function aDevice(over: Partial<NewDevice> & Pick<NewDevice, 'projectId' | 'appId' | 'productId'>): NewDevice {
  const nodeId = over.nodeId ?? uniqueName('node');
  return {
    recordId: recordId(),
    deviceId: asId<DeviceId>(`${over.productId}_${nodeId}`),
    nodeId,
    name: undefined,
    description: undefined,
    parentId: undefined,
    auth: {
      authType: 'SECRET',
      secret: random.uuid().replaceAll('-', ''),
      secureAccess: false,
      timeoutSeconds: 0,
    },
    extensionInfo: undefined,
    desired: {},
    createdAt: builtAt,
    ...over,
  };
}

/** Cached for an hour, asked for by a single call and not by a task. */
export function aCommand(over: Partial<NewAsyncCommand> & Pick<NewAsyncCommand, 'deviceId'>): NewAsyncCommand {
  const createdAt = over.createdAt ?? builtAt;
  const request = over.request ?? { paras: { a: 1 }, strategy: 'delay', cacheSeconds: 3600 };
  return {
    recordId: recordId(),
    commandId: asId<CommandId>(random.uuid()),
    request,
    createdAt,
    expiresAt: commandExpiry(request, createdAt),
    run: undefined,
    ...over,
  };
}

/** For an hour, to the default topic, asked for by a single call and not by a task. */
export function aMessage(over: Partial<NewMessage> & Pick<NewMessage, 'deviceId'>): NewMessage {
  const createdAt = over.createdAt ?? builtAt;
  const ttlMinutes = over.request?.ttlMinutes ?? 60;
  return {
    recordId: recordId(),
    messageId: asId<MessageId>(random.uuid()),
    request: { message: 'hello', encoding: 'none', format: 'standard', ttlMinutes },
    createdAt,
    expiresAt: createdAt + ttlMinutes * 60_000,
    run: undefined,
    ...over,
  };
}
