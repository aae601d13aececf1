import { type CommandRequest, optionalText, parseCommand } from './command.ts';
import type { Downlink } from './downlink.ts';
import type { AppId, CommandId, DeviceId, RecordId } from './ids.ts';
import type { Json, JsonObject } from './json.ts';
import { invalid, Problem } from './problem.ts';
import { callbackUrlMax, isCallbackUrl } from './legacy-subscription.ts';
import type { RunRef } from './request-id.ts';

/** device 6.2. */
export type AsyncCommandStatus = WaitingCommandStatus | EndedCommandStatus;
export type WaitingCommandStatus = 'PENDING' | 'SENT' | 'DELIVERED';
export type EndedCommandStatus = 'EXPIRED' | 'SUCCESSFUL' | 'FAILED' | 'TIMEOUT';

/** v5 9: which states each of the two lists shows. */
export const currentCommandStatuses = ['PENDING', 'SENT', 'DELIVERED'] as const satisfies AsyncCommandStatus[];
export const historyCommandStatuses = [
  'EXPIRED',
  'SUCCESSFUL',
  'FAILED',
  'TIMEOUT',
  'DELIVERED',
] as const satisfies AsyncCommandStatus[];

/** v5 9, Async command: what a caller or a task document asks for. */
export interface AsyncCommandRequest extends CommandRequest {
  /** `delay`: one after the other, cached while it cannot be sent. `immediately`: now or never, past the others. */
  readonly strategy: 'delay' | 'immediately';
  /** Of `delay`. */
  readonly cacheSeconds: number;
  /** How often it leaves once more, the same id each time, where nobody answers in time; absent: never. */
  readonly maxRetransmit?: number;
  /** Is told of every status from SENT on (legacy 9.4). */
  readonly callbackUrl?: string;
}

export interface NewAsyncCommand {
  readonly recordId: RecordId;
  readonly deviceId: DeviceId;
  readonly commandId: CommandId;
  readonly request: AsyncCommandRequest;
  readonly createdAt: number;
  /** ms since epoch; what is still PENDING by then is EXPIRED. */
  readonly expiresAt: number;
  /** The run that waits for its end, if a task sent it. */
  readonly run: RunRef | undefined;
}

export interface AsyncCommand extends NewAsyncCommand {
  readonly status: AsyncCommandStatus;
  /** What the device answered. */
  readonly result: JsonObject | undefined;
  readonly sentAt: number | undefined;
  readonly deliveredAt: number | undefined;
  readonly respondedAt: number | undefined;
  /** How often it has left. */
  readonly issued: number;
  /** EXPIRED because somebody said so. */
  readonly canceled: boolean;
}

/** All that waited for a device was canceled at once (legacy 7). */
export interface CommandCancellation {
  readonly recordId: RecordId;
  readonly cancellationId: string;
  readonly appId: AppId;
  readonly deviceId: DeviceId;
  readonly commandIds: readonly CommandId[];
  readonly createdAt: number;
}

const parasBytesMax = 32 * 1024;
const cacheSecondsDefault = 86_400;
const cacheSecondsMax = 172_800;
export const pendingCommandsMax = 20;
const retransmitsMax = 3;

/** Wire body (null = absent) -> request. Problems: invalidInput naming the field, contentTooLarge. */
export function parseAsyncCommand(body: JsonObject): AsyncCommandRequest {
  const command = parseCommand(body, parasBytesMax);
  const callbackUrl = parseCallbackUrl(body);
  const maxRetransmit = parseRetransmits(body['max_retransmit']);
  return {
    ...command,
    strategy: parseStrategy(body['send_strategy']),
    cacheSeconds: parseExpiry(body['expire_time']),
    ...(maxRetransmit === 0 ? {} : { maxRetransmit }),
    ...(callbackUrl === undefined ? {} : { callbackUrl }),
  };
}

/** The same rules for a request that has come in another form. Problems: invalidInput naming the field, contentTooLarge. */
export function checkCommandRequest({ paras, callbackUrl }: AsyncCommandRequest): void {
  if (Buffer.byteLength(JSON.stringify(paras)) > parasBytesMax)
    throw new Problem('contentTooLarge', { field: 'paras' });
  if (callbackUrl !== undefined) checkCallbackUrl(callbackUrl, 'callbackUrl');
}

function checkCallbackUrl(url: string, field: string): void {
  if (!isCallbackUrl(url)) throw invalid(field, 'must be an absolute http or https address');
}

function parseRetransmits(value: Json | undefined): number {
  const times = value ?? 0;
  const fits = typeof times === 'number' && Number.isInteger(times) && times >= 0 && times <= retransmitsMax;
  if (!fits) throw invalid('max_retransmit', `must be an integer from 0 to ${retransmitsMax}`);
  return times;
}

function parseCallbackUrl(body: JsonObject): string | undefined {
  const url = optionalText(body, { field: 'callback_url', max: callbackUrlMax });
  if (url !== undefined) checkCallbackUrl(url, 'callback_url');
  return url;
}

function parseStrategy(value: Json | undefined): AsyncCommandRequest['strategy'] {
  const strategy = value ?? 'delay';
  if (strategy !== 'delay' && strategy !== 'immediately') {
    throw invalid('send_strategy', 'must be one of delay, immediately');
  }
  return strategy;
}

/** v5 9: 0 or absent is 24 h. */
function parseExpiry(value: Json | undefined): number {
  const seconds = value ?? 0;
  const fits = typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0 && seconds <= cacheSecondsMax;
  if (!fits) throw invalid('expire_time', `must be an integer from 0 to ${cacheSecondsMax}`);
  return seconds === 0 ? cacheSecondsDefault : seconds;
}

/** How long it may be under way before nobody waits for its answer any more. */
export const answerTimeMs = (
  { maxRetransmit = 0 }: AsyncCommandRequest,
  { answerMs, slackMs }: { readonly answerMs: number; readonly slackMs: number },
): number => answerMs + maxRetransmit * (answerMs + slackMs);

/** Nothing is cached of what is sent at once or not at all. */
export function commandExpiry({ strategy, cacheSeconds }: AsyncCommandRequest, createdAt: number): number {
  return strategy === 'delay' ? createdAt + cacheSeconds * 1000 : createdAt;
}

/** How a command leaves for its device, or for the gateway of a child (device 4.7). */
export function asyncCommandDownlink(
  { deviceId, commandId, request }: Pick<NewAsyncCommand, 'deviceId' | 'commandId' | 'request'>,
  rootId: DeviceId,
): Downlink {
  const { serviceId, commandName, paras } = request;
  const names = {
    ...(serviceId === undefined ? {} : { serviceId }),
    ...(commandName === undefined ? {} : { commandName }),
  };
  return { deviceId, rootId, content: { kind: 'async-command', commandId, ...names, paras } };
}
