import type { DeviceId } from '../../domain/ids.ts';
import { type Clock, sleep } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { DeviceStore } from '../../ports/store/device-store.ts';
import { DelayLine } from '../delay-line.ts';
import type { ShadowFlow, Trigger } from './shadow-flow.ts';
import type { ShadowLimits } from './shadow-limits.ts';

export interface ShadowReaderParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: ShadowLimits;
  readonly devices: Pick<DeviceStore, 'listShadowDeltas' | 'listDifferingChildren'>;
  /** Sends what is `unsent`, as far as there is room. */
  send(flow: ShadowFlow): void;
}

type Asked = ReadonlyMap<DeviceId, { readonly flow: ShadowFlow; readonly trigger: Trigger }>;

/** Reads what differs, for many devices at once: after an outage a whole fleet comes back together. */
export class ShadowReader {
  readonly #parts: ShadowReaderParts;
  /** First come, first served: a set keeps the order of adding. */
  readonly #ready = new Set<ShadowFlow>();
  readonly #full: DelayLine<ShadowFlow>;
  readonly #stopping = new AbortController();
  #isReading = false;
  #reading: Promise<void> = Promise.resolve();

  constructor(parts: ShadowReaderParts) {
    this.#parts = parts;
    this.#full = new DelayLine(parts.clock, parts.limits.roomPollMs, (flow) => this.#resume(flow));
  }

  /** The flow has something to look at. */
  queue(flow: ShadowFlow): void {
    // Full: it comes back by itself.
    if (this.#stopping.signal.aborted || flow.unsent.length > 0 || !flow.hasWork) return;
    this.#ready.add(flow);
    if (this.#isReading) return;
    this.#isReading = true;
    this.#reading = this.#read();
  }

  async idle(): Promise<void> {
    while (this.#isReading) await this.#reading;
  }

  /** Resolves when nothing is read any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#ready.clear();
    this.#full.stop();
    await this.#reading;
  }

  /** Never rejects. */
  async #read(): Promise<void> {
    while (this.#ready.size > 0) {
      const { asked, scans } = this.#take();
      const looks = [...(asked.size > 0 ? [this.#readDeltas(asked)] : []), ...scans.map((flow) => this.#scan(flow))];
      const ends = await Promise.all(looks);
      if (ends.includes(false)) await this.#pause();
    }
    this.#isReading = false;
  }

  #take(): { readonly asked: Asked; readonly scans: readonly ShadowFlow[] } {
    const { devicesPerLook, scansPerLook } = this.#parts.limits;
    const asked = new Map<DeviceId, { flow: ShadowFlow; trigger: Trigger }>();
    const scans: ShadowFlow[] = [];
    for (const flow of this.#ready) {
      if (asked.size >= devicesPerLook || scans.length >= scansPerLook) break;
      this.#ready.delete(flow);
      if (!flow.session.isOpen) flow.end();
      if (flow.todo.size === 0 && flow.scanAfter !== undefined) scans.push(flow);
      for (const [deviceId, trigger] of flow.todo) {
        if (asked.size >= devicesPerLook) break;
        flow.todo.delete(deviceId);
        asked.set(deviceId, { flow, trigger });
      }
    }
    return { asked, scans };
  }

  /** False: the store did not answer; it is asked again. */
  async #readDeltas(asked: Asked): Promise<boolean> {
    const again = (deviceIds: Iterable<DeviceId>): void => {
      for (const deviceId of deviceIds) {
        const of = asked.get(deviceId);
        of?.flow.want(deviceId, of.trigger);
      }
    };
    const isRead = await this.#attempt(async () => {
      const { deltas, rest } = await this.#parts.devices.listShadowDeltas([...asked.keys()]);
      again(rest);
      const now = this.#parts.clock.now();
      for (const delta of deltas) {
        const { flow, trigger } = asked.get(delta.deviceId) ?? {};
        // A child may have another gateway by now.
        if (flow?.session.device.deviceId !== delta.rootId) continue;
        if (trigger === 'change' || !flow.isProtected(delta.deviceId, now)) flow.add(delta);
      }
    });
    if (!isRead) again(asked.keys());
    for (const flow of new Set([...asked.values()].map((item) => item.flow))) this.#resume(flow);
    return isRead;
  }

  async #scan(flow: ShadowFlow): Promise<boolean> {
    const isRead = await this.#attempt(async () => {
      const { deviceId } = flow.session.device;
      const { deviceIds, next } = await this.#parts.devices.listDifferingChildren(deviceId, flow.scanAfter ?? '');
      for (const childId of deviceIds) flow.want(childId, 'change');
      flow.scanAfter = next;
    });
    this.queue(flow);
    return isRead;
  }

  async #attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (err) {
      this.#parts.log.warn({ err }, 'shadows could not be read; it is tried again');
      return false;
    }
  }

  #resume(flow: ShadowFlow): void {
    this.#parts.send(flow);
    if (flow.unsent.length > 0) this.#full.add(flow);
    else this.queue(flow);
  }

  #pause(): Promise<void> {
    const { clock, limits } = this.#parts;
    return sleep(clock, limits.pauseAfterFailureMs, this.#stopping.signal);
  }
}
