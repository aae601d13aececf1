export type {
  AnswerScript,
  ChildSpec,
  DeviceBehaviour,
  DeviceSpec,
  FailStage,
  UpgradeScript,
} from './behaviour.ts';
export type { ReconnectPolicy } from './connection.ts';
export type { DownloaderOptions } from './download.ts';
export { type Churn, createFleet, type DeviceView, type Fleet, type FleetOptions } from './fleet.ts';
export type { FleetEvents } from './fleet-events.ts';
export type { Latency } from './latency.ts';
export { createLogin, devicePassword, type Login } from './login.ts';
export type { Offer } from './offer.ts';
export { registerDevices, type RegisterOptions } from './register-devices.ts';
export { type BehaviourShare, type SharedOut, shareOut } from './share.ts';
export type { FleetStatistics } from './statistics.ts';
