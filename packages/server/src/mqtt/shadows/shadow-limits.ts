/** Timers and bounds of what is sent of shadows (device 6.4). */
export interface ShadowLimits {
  /** MUSTER_SHADOW_PROTECTION_SECONDS, in ms. */
  readonly protectionMs: number;
  /** The C library drops 50 or more. */
  readonly servicesPerPublish: number;
  /** Of one publish, unless a single service has more. */
  readonly publishBytesMax: number;
  /** Unsent bytes of a session beyond which nothing more is written: far from where it counts as a slow reader (device 2). */
  readonly unsentBytesMax: number;
  /** How often a full session is looked at again. */
  readonly roomPollMs: number;
  /** Devices whose shadows are read together. */
  readonly devicesPerLook: number;
  /** Gateways whose children are looked through at the same time. */
  readonly scansPerLook: number;
  readonly pauseAfterFailureMs: number;
}

export const defaultShadowLimits: ShadowLimits = Object.freeze({
  protectionMs: 300_000,
  servicesPerPublish: 49,
  publishBytesMax: 262_144,
  unsentBytesMax: 1_048_576,
  roomPollMs: 100,
  devicesPerLook: 100,
  scansPerLook: 8,
  pauseAfterFailureMs: 1000,
});
