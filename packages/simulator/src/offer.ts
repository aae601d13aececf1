import { type DeviceEvent, textOf } from './downlink.ts';

/** An upgrade offer (device 7.3). */
export interface Offer {
  readonly field: 'firmwareVersion' | 'softwareVersion';
  readonly version: string;
  readonly url: string;
  /** Absent in v2 offers: the URL is signed itself. */
  readonly accessToken: string | undefined;
  /** SHA-256 of the file in lower-case hex, if the package has one. */
  readonly sign: string | undefined;
  readonly fileSize: number | undefined;
}

const FIELDS: Readonly<Record<string, Offer['field']>> = {
  firmware_upgrade: 'firmwareVersion',
  firmware_upgrade_v2: 'firmwareVersion',
  software_upgrade: 'softwareVersion',
  software_upgrade_v2: 'softwareVersion',
};

/** The offer in an event; undefined if it is another event or lacks version or url. */
export function parseOffer(event: DeviceEvent): Offer | undefined {
  const field = FIELDS[event.eventType];
  const version = textOf(event.paras['version']);
  const url = textOf(event.paras['url']);
  if (field === undefined || version === undefined || url === undefined) return undefined;
  const fileSize = event.paras['file_size'];
  return {
    field,
    version,
    url,
    accessToken: textOf(event.paras['access_token']),
    sign: textOf(event.paras['sign']),
    fileSize: typeof fileSize === 'number' ? fileSize : undefined,
  };
}
