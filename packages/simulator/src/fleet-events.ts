import type { Offer } from './offer.ts';

/** What a fleet tells while it works, as event name -> arguments. Children come under their own ids. */
export interface FleetEvents {
  connected: [{ readonly deviceId: string }];
  disconnected: [{ readonly deviceId: string }];
  /** CONNACK with another code than 0. */
  refused: [{ readonly deviceId: string; readonly code: number }];
  versionQuery: [{ readonly deviceId: string }];
  offer: [{ readonly deviceId: string; readonly offer: Offer }];
  downloaded: [
    { readonly deviceId: string; readonly bytes: number; readonly sha256: string; readonly resumes: number },
  ];
  /** The device runs the version and has reported it. */
  upgraded: [{ readonly deviceId: string; readonly field: Offer['field']; readonly version: string }];
  upgradeFailed: [{ readonly deviceId: string; readonly resultCode: number; readonly description: string }];
  command: [{ readonly deviceId: string; readonly commandName: string }];
  message: [{ readonly deviceId: string; readonly payload: Buffer }];
}
