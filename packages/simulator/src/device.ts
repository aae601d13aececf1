import type { EventEmitter } from 'node:events';
import type { AnswerScript, ChildSpec, DeviceBehaviour } from './behaviour.ts';
import { type DeviceEvent, type Downlink, isWireObject, textOf, type WireObject } from './downlink.ts';
import type { Downloader } from './download.ts';
import type { FleetEvents } from './fleet-events.ts';
import { drawLatency, type Latency } from './latency.ts';
import { type Offer, parseOffer } from './offer.ts';
import { createRandom, hashText, type Random } from './random.ts';
import type { FleetStatistics } from './statistics.ts';
import type { Timers } from './timers.ts';
import { runUpgrade } from './upgrade-run.ts';

/** What all devices of a fleet share. */
export interface DeviceContext {
  readonly seed: number;
  /** For devices whose own behaviour leaves it open. */
  readonly behaviour: DeviceBehaviour;
  readonly latency: Latency;
  readonly install: Latency;
  readonly downloader: Downloader;
  readonly timers: Timers;
  readonly statistics: FleetStatistics;
  readonly events: EventEmitter<FleetEvents>;
}

/** The way to the server: a device's own connection, or its gateway's. */
export interface DeviceUplink {
  /** Topic suffix behind `$oc/devices/{id of the connected device}`. Settles on delivery. */
  publish(suffix: string, body: WireObject): Promise<void>;
  /** Breaks the link; does nothing for a child, whose gateway stays connected. */
  drop(awayMs: number): void;
}

type Version = Offer['field'];

/** One device, direct or child: versions, properties, and answers by its script. */
export class SimulatedDevice {
  readonly deviceId: string;
  readonly behaviour: DeviceBehaviour;
  readonly random: Random;
  readonly context: DeviceContext;
  readonly uplink: DeviceUplink;
  readonly versions: Record<Version, string>;
  /** Offers so far: scripts that go wrong once look at it. */
  offers = 0;
  #commands = 0;
  #propertyRequests = 0;
  #properties: Map<string, WireObject> | undefined;
  #upgrade: AbortController | undefined;

  constructor(spec: ChildSpec, uplink: DeviceUplink, context: DeviceContext) {
    this.deviceId = spec.deviceId;
    this.behaviour = { ...context.behaviour, ...spec.behaviour };
    this.random = createRandom(context.seed ^ hashText(spec.deviceId));
    this.context = context;
    this.uplink = uplink;
    this.versions = {
      firmwareVersion: spec.firmwareVersion ?? '1.0.0',
      softwareVersion: spec.softwareVersion ?? '1.0.0',
    };
  }

  /** Whether the device ever shows up. */
  get reachable(): boolean {
    return this.behaviour.upgrade?.kind !== 'offline';
  }

  /** A downlink for this device. */
  onDownlink(downlink: Downlink, body: WireObject): void {
    switch (downlink.kind) {
      case 'command':
        return this.#onCommand(downlink.requestId, body);
      case 'propertiesSet':
        return this.#onPropertiesSet(downlink.requestId, body);
      case 'propertiesGet':
        return this.#onPropertiesGet(downlink.requestId, body);
      case 'events':
      case 'message':
      case 'shadow':
      case 'other':
        return;
    }
  }

  /** An event for this device; those of other services than `$ota` need no answer. */
  onEvent(event: DeviceEvent): void {
    if (event.serviceId !== '$ota') return;
    if (event.eventType === 'version_query') return this.#onVersionQuery();
    const offer = parseOffer(event);
    if (offer === undefined) this.context.statistics.unknownDownlinks += 1;
    else this.#onOffer(offer);
  }

  /** Publishes an `$ota` event (device 3.3). */
  reportEvent(eventType: string, paras: WireObject): Promise<void> {
    const services = [{ service_id: '$ota', event_type: eventType, event_time: null, paras }];
    return this.uplink.publish('/sys/events/up', { object_device_id: this.deviceId, services });
  }

  /** A running upgrade ends without a word. */
  stop(): void {
    this.#upgrade?.abort(new Error('The device was stopped'));
  }

  /** Time before an answer. */
  drawLatency(): number {
    return drawLatency(this.behaviour.latency ?? this.context.latency, this.random);
  }

  #onVersionQuery(): void {
    const { statistics, events, timers } = this.context;
    statistics.versionQueries += 1;
    events.emit('versionQuery', { deviceId: this.deviceId });
    const script = this.behaviour.upgrade;
    if (script?.kind === 'silent' && script.at !== 'offer') return;
    timers.after(this.drawLatency(), () => {
      const { firmwareVersion, softwareVersion } = this.versions;
      void this.reportEvent('version_report', { fw_version: firmwareVersion, sw_version: softwareVersion });
    });
  }

  /** The newest offer wins: a server that offers again has not seen the end of the earlier one. */
  #onOffer(offer: Offer): void {
    const { statistics, events } = this.context;
    statistics.offers += 1;
    this.offers += 1;
    this.stop();
    const run = new AbortController();
    this.#upgrade = run;
    events.emit('offer', { deviceId: this.deviceId, offer });
    runUpgrade(this, offer, run.signal)
      .catch((error: unknown) => {
        if (!run.signal.aborted) throw error;
      })
      .finally(() => {
        if (this.#upgrade === run) this.#upgrade = undefined;
      });
  }

  #onCommand(requestId: string, body: WireObject): void {
    const { statistics, events } = this.context;
    statistics.commands += 1;
    this.#commands += 1;
    events.emit('command', { deviceId: this.deviceId, commandName: textOf(body['command_name']) ?? '' });
    const resultCode = answerCode(this.behaviour.command, this.#commands);
    if (resultCode === undefined) return;
    this.#answer(this.behaviour.command, () => {
      statistics.commandsAnswered += 1;
      const answer = { result_code: resultCode, response_name: `${textOf(body['command_name']) ?? ''}_response` };
      void this.uplink.publish(`/sys/commands/response/request_id=${requestId}`, { ...answer, paras: {} });
    });
  }

  #onPropertiesSet(requestId: string, body: WireObject): void {
    this.context.statistics.propertyRequests += 1;
    this.#propertyRequests += 1;
    const resultCode = answerCode(this.behaviour.properties, this.#propertyRequests);
    if (resultCode === undefined) return;
    if (resultCode === 0) this.#storeProperties(body);
    this.#answer(this.behaviour.properties, () => {
      const answer = { result_code: resultCode, result_desc: resultCode === 0 ? 'success' : 'failed' };
      void this.uplink.publish(`/sys/properties/set/response/request_id=${requestId}`, answer);
    });
  }

  #onPropertiesGet(requestId: string, body: WireObject): void {
    this.context.statistics.propertyRequests += 1;
    if (this.behaviour.properties?.kind === 'silent') return;
    // Device 3.2: an empty service_id asks for all services.
    const wanted = textOf(body['service_id']) ?? '';
    const services = [...(this.#properties ?? [])]
      .filter(([serviceId]) => wanted === '' || serviceId === wanted)
      .map(([serviceId, properties]) => ({ service_id: serviceId, properties }));
    this.#answer(this.behaviour.properties, () => {
      void this.uplink.publish(`/sys/properties/get/response/request_id=${requestId}`, { services });
    });
  }

  #storeProperties(body: WireObject): void {
    const services: unknown[] = Array.isArray(body['services']) ? body['services'] : [];
    this.#properties ??= new Map();
    for (const service of services.filter(isWireObject)) {
      const serviceId = textOf(service['service_id']) ?? '';
      const properties = isWireObject(service['properties']) ? service['properties'] : {};
      this.#properties.set(serviceId, { ...this.#properties.get(serviceId), ...properties });
    }
  }

  #answer(script: AnswerScript | undefined, send: () => void): void {
    const delayMs = script?.kind === 'answer' ? (script.delayMs ?? 0) : 0;
    this.context.timers.after(this.drawLatency() + delayMs, send);
  }
}

/** The result code of the nth answer; undefined = none is given. */
function answerCode(script: AnswerScript | undefined, nth: number): number | undefined {
  if (script === undefined) return 0;
  switch (script.kind) {
    case 'answer':
      return script.resultCode ?? 0;
    case 'failOnce':
      return nth === 1 ? script.resultCode : 0;
    case 'silent':
      return undefined;
  }
}
