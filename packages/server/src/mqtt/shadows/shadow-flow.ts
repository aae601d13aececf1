import type { DeviceId } from '../../domain/ids.ts';
import type { ServiceDelta } from '../../domain/shadow.ts';
import type { DeviceDelta } from '../../ports/store/device-store.ts';
import type { Session } from '../gateway-hooks.ts';
import type { ShadowLimits } from './shadow-limits.ts';

/** Why a device's shadow is looked at: after a `report` it is left alone while what was sent before is unanswered. */
export type Trigger = 'change' | 'report';

/** One `properties/set` to come. */
export interface ShadowPush {
  readonly deviceId: DeviceId;
  readonly services: readonly ServiceDelta[];
}

interface Unanswered {
  /** ms since epoch. */
  readonly until: number;
  readonly requestIds: readonly string[];
}

/** Answers to older pushes than these end nothing any more. */
const requestIdsMax = 16;

/** What one session has to be told of the shadows of its device and the children behind it, and what it has not answered yet. */
export class ShadowFlow {
  readonly session: Session;
  /** Devices to look at, in this order. */
  readonly todo = new Map<DeviceId, Trigger>();
  /** The children behind this one are still to be looked through; undefined: none. */
  scanAfter: string | undefined;
  /** Waits for room in the session; nothing more is read meanwhile. */
  readonly unsent: ShadowPush[] = [];
  readonly #limits: ShadowLimits;
  readonly #unanswered = new Map<DeviceId, Unanswered>();
  readonly #deviceOf = new Map<string, DeviceId>();

  constructor(session: Session, limits: ShadowLimits) {
    this.session = session;
    this.#limits = limits;
  }

  get hasWork(): boolean {
    return this.todo.size > 0 || this.scanAfter !== undefined;
  }

  want(deviceId: DeviceId, trigger: Trigger): void {
    if (trigger === 'change' || !this.todo.has(deviceId)) this.todo.set(deviceId, trigger);
  }

  /** device 6.4, protection. */
  isProtected(deviceId: DeviceId, now: number): boolean {
    return (this.#unanswered.get(deviceId)?.until ?? now) > now;
  }

  add({ deviceId, services }: DeviceDelta): void {
    for (const part of partsOf(services, this.#limits)) this.unsent.push({ deviceId, services: part });
  }

  onSent(deviceId: DeviceId, requestId: string, now: number): void {
    const requestIds = [...(this.#unanswered.get(deviceId)?.requestIds ?? []), requestId];
    for (const old of requestIds.splice(0, requestIds.length - requestIdsMax)) this.#deviceOf.delete(old);
    this.#unanswered.set(deviceId, { until: now + this.#limits.protectionMs, requestIds });
    this.#deviceOf.set(requestId, deviceId);
  }

  /** Any answer ends the protection of its device. False: nothing of that id was sent here. */
  onAnswer(requestId: string): boolean {
    const deviceId = this.#deviceOf.get(requestId);
    if (deviceId === undefined) return false;
    for (const id of this.#unanswered.get(deviceId)?.requestIds ?? []) this.#deviceOf.delete(id);
    return this.#unanswered.delete(deviceId);
  }

  /** The session is over. */
  end(): void {
    this.todo.clear();
    this.scanAfter = undefined;
    this.unsent.length = 0;
  }
}

/** As many services together as one publish may have. */
function partsOf(services: readonly ServiceDelta[], limits: ShadowLimits): readonly (readonly ServiceDelta[])[] {
  const parts: ServiceDelta[][] = [];
  let room = 0;
  for (const service of services) {
    const bytes = Buffer.byteLength(JSON.stringify(service));
    const last = parts.at(-1);
    if (last === undefined || last.length >= limits.servicesPerPublish || bytes > room) {
      parts.push([service]);
      room = limits.publishBytesMax - bytes;
    } else {
      last.push(service);
      room -= bytes;
    }
  }
  return parts;
}
