import { crc32, deflateRawSync } from 'node:zlib';

/** A part of a zip file; whatever is not said is honest. */
export interface ZipEntry {
  readonly name: string;
  readonly content: string | Buffer;
  readonly stored?: boolean;
  /** Bytes as they lie in the file, instead of the content compressed. */
  readonly packed?: Buffer;
  readonly says?: { readonly size?: number; readonly packedSize?: number; readonly sum?: number };
  /** General purpose bits: 1 encrypted. */
  readonly flags?: number;
  readonly method?: number;
  /** Where the directory says that it lies; entries may lie over each other. */
  readonly offset?: number;
}

export interface ZipOptions {
  readonly says?: { readonly entries?: number };
  /** The end is told by the records of zip64. */
  readonly zip64?: boolean;
}

const record = (length: number, write: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.alloc(length);
  write(bytes);
  return bytes;
};

/** A zip file byte by byte, so that each of its numbers can lie. */
export function zipFile(entries: readonly ZipEntry[], { says = {}, zip64 = false }: ZipOptions = {}): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const { local, central } = partOf(entry, at);
    pieces.push(...local);
    directory.push(central);
    at += local.reduce((sum, { length }) => sum + length, 0);
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = says.entries ?? entries.length;
  const tail = zip64 ? zip64Tail({ at, size, count }) : [endRecord({ at, size, count })];
  return Buffer.concat([...pieces, ...directory, ...tail]);
}

function partOf(entry: ZipEntry, at: number): { readonly local: readonly Buffer[]; readonly central: Buffer } {
  const content = Buffer.from(entry.content as string);
  const packed = entry.packed ?? (entry.stored === true ? content : deflateRawSync(content));
  const name = Buffer.from(entry.name);
  const { flags = 0, says = {} } = entry;
  const shared = record(26, (bytes) => {
    bytes.writeUInt16LE(20, 0);
    bytes.writeUInt16LE(flags, 2);
    bytes.writeUInt16LE(entry.method ?? (entry.stored === true ? 0 : 8), 4);
    bytes.writeUInt32LE(says.sum ?? crc32(content), 10);
    bytes.writeUInt32LE(says.packedSize ?? packed.length, 14);
    bytes.writeUInt32LE(says.size ?? content.length, 18);
    bytes.writeUInt16LE(name.length, 22);
  });
  const signature = (number: number) => record(4, (bytes) => bytes.writeUInt32LE(number));
  const rest = record(14, (bytes) => bytes.writeUInt32LE(entry.offset ?? at, 10));
  return {
    local: [signature(0x04034b50), shared, name, packed],
    central: Buffer.concat([signature(0x02014b50), Buffer.from([20, 0]), shared, rest, name]),
  };
}

interface Directory {
  readonly at: number;
  readonly size: number;
  readonly count: number;
}

const endRecord = ({ at, size, count }: Directory): Buffer =>
  record(22, (bytes) => {
    bytes.writeUInt32LE(0x06054b50, 0);
    bytes.writeUInt16LE(Math.min(count, 0xffff), 8);
    bytes.writeUInt16LE(Math.min(count, 0xffff), 10);
    bytes.writeUInt32LE(size, 12);
    bytes.writeUInt32LE(at, 16);
  });

function zip64Tail({ at, size, count }: Directory): readonly Buffer[] {
  const end = record(56, (bytes) => {
    bytes.writeUInt32LE(0x06064b50, 0);
    bytes.writeBigUInt64LE(44n, 4);
    bytes.writeUInt16LE(45, 12);
    bytes.writeUInt16LE(45, 14);
    bytes.writeBigUInt64LE(BigInt(count), 24);
    bytes.writeBigUInt64LE(BigInt(count), 32);
    bytes.writeBigUInt64LE(BigInt(size), 40);
    bytes.writeBigUInt64LE(BigInt(at), 48);
  });
  const locator = record(20, (bytes) => {
    bytes.writeUInt32LE(0x07064b50, 0);
    bytes.writeBigUInt64LE(BigInt(at + size), 8);
    bytes.writeUInt32LE(1, 16);
  });
  const none = { at: 0xffffffff, size: 0xffffffff, count: 0xffff };
  return [end, locator, endRecord(none)];
}
