import type { ActionId, AppId, ProjectId, RecordId, RuleId } from './ids.ts';

/** v5 15.5: resource and event of what can be pushed. */
export const subjects = [
  'batchtask:update',
  'device:create',
  'device:update',
  'device:delete',
  'device.status:update',
  'device.property:report',
  'device.message:report',
  'device.message.status:update',
  'device.command.status:update',
  'product:create',
  'product:update',
  'product:delete',
] as const;
export type Subject = (typeof subjects)[number];

export interface RuleSubject {
  readonly resource: string;
  readonly event: string;
}

/** v5 15.1. `appId` undefined: every application of the project (GLOBAL). */
export interface Rule {
  readonly recordId: RecordId;
  readonly ruleId: RuleId;
  readonly projectId: ProjectId;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly subject: RuleSubject;
  readonly appId: AppId | undefined;
  readonly select: string | undefined;
  readonly where: string | undefined;
  readonly active: boolean;
}

/** v5 15.2, HTTP_FORWARDING. */
export interface HttpForwarding {
  readonly url: string;
  readonly certId?: string;
  readonly cnName?: string;
  readonly sniEnable?: boolean;
  readonly signatureEnable?: boolean;
  readonly token?: string;
}

/** v5 15.2, AMQP_FORWARDING: a queue of the action's project. */
export interface AmqpForwarding {
  readonly queueName: string;
}

export type HttpChannel = { readonly channel: 'HTTP_FORWARDING'; readonly http: HttpForwarding };
export type AmqpChannel = { readonly channel: 'AMQP_FORWARDING'; readonly amqp: AmqpForwarding };
export type ActionChannel = HttpChannel | AmqpChannel;

export interface RuleAction {
  readonly recordId: RecordId;
  readonly actionId: ActionId;
  readonly ruleId: RuleId;
  readonly projectId: ProjectId;
  readonly appId: AppId | undefined;
  readonly target: ActionChannel;
}
