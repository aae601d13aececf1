import { gunzip } from 'node:zlib';

/** `?encoding=gzip` (device 3.1). Undefined: no gzip, or more than `bytesMax` when unpacked, which is found out before it is. */
export function unpack(packed: Buffer, bytesMax: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    gunzip(packed, { maxOutputLength: bytesMax }, (error, unpacked) => resolve(error === null ? unpacked : undefined));
  });
}
