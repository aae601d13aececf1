export interface DownloadTarget {
  readonly deviceId: string;
  readonly packageId: string;
}

/** Device 8.1. */
export const downloadPrefix = '/iodm/dev/v2.0/upgradefile/';

const shape = /^applications\/[^/]+\/devices\/([^/]+)\/packages\/([^/]+)$/;

/** Undefined: nothing is served at this address. A query counts for nothing. */
export function parseDownloadTarget(url: string): DownloadTarget | undefined {
  const path = url.split('?', 1)[0] ?? '';
  const match = path.startsWith(downloadPrefix) ? shape.exec(path.slice(downloadPrefix.length)) : null;
  const [, device, pkg] = match ?? [];
  const deviceId = decode(device);
  const packageId = decode(pkg);
  return deviceId === undefined || packageId === undefined ? undefined : { deviceId, packageId };
}

function decode(segment: string | undefined): string | undefined {
  try {
    return segment === undefined ? undefined : decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** `Bearer` in any case; blanks after the colon were dropped by the parser (device 8.3). Undefined: no token. */
export function parseBearer(authorization: string | undefined): string | undefined {
  return /^bearer[ \t]+([A-Za-z0-9._~+/=-]{1,512})$/i.exec(authorization ?? '')?.[1];
}
