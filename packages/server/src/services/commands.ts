import { parseCommand } from '../domain/command.ts';
import type { CommandReply } from '../domain/device-event.ts';
import type { DeviceId, ProjectId } from '../domain/ids.ts';
import type { JsonObject } from '../domain/json.ts';
import { type Cause, causeOf, Problem } from '../domain/problem.ts';
import { commandIsUndefined } from '../domain/product.ts';
import type { DeviceLink } from '../ports/device-link.ts';
import type { Random } from '../ports/random.ts';
import type { ProductStore } from '../ports/store/catalogue-stores.ts';
import type { DeviceReach, SessionStore } from '../ports/store/device-store.ts';
import type { ReplyBook } from './reply-book.ts';

export interface SendCommand {
  readonly projectId: ProjectId;
  readonly deviceId: DeviceId;
  /** The single call's body: `service_id`, `command_name`, `paras`. */
  readonly body: JsonObject;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
}

export interface CommandAnswer {
  readonly commandId: string;
  /** What the device said. */
  readonly response: JsonObject;
  /** The device's own word that it failed; the call itself has succeeded. */
  readonly failure: Cause | undefined;
}

/** The synchronous command (v5 9, device 6.1). */
export interface CommandService {
  /**
   * Sends and waits for the answer. Problems: invalidInput, contentTooLarge, deviceNotFound, commandUndefined, deviceOffline,
   * commandTimeout, rateLimited, notReady.
   */
  send(command: SendCommand): Promise<CommandAnswer>;
}

export interface CommandServiceParts {
  readonly store: { readonly sessions: SessionStore; readonly products: ProductStore };
  readonly link: DeviceLink;
  readonly random: Random;
  readonly replies: ReplyBook;
}

export function createCommandService(parts: CommandServiceParts): CommandService {
  const { store, link, random, replies } = parts;
  return {
    async send({ projectId, deviceId, body, signal }) {
      const request = parseCommand(body);
      const reach = await store.sessions.findReach(projectId, deviceId);
      if (reach === undefined) throw new Problem('deviceNotFound');
      await checkModel(parts, { projectId, reach, ...request });
      if (!reach.reachable) throw new Problem('deviceOffline');
      const { rootId } = reach;
      const requestId = random.uuid();
      const reply = replies.expect({ rootId, requestId, signal });
      link.send([{ deviceId, rootId, content: { kind: 'command', requestId, ...request } }]);
      return answerOf(requestId, await reply);
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

function answerOf(commandId: string, { resultCode, body }: CommandReply): CommandAnswer {
  const failure = resultCode === 0 ? undefined : causeOf('deviceReportedFailure', resultCode);
  return { commandId, response: body, failure };
}
