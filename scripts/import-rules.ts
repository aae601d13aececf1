/**
 * The import table: which room may import which. The rules of dependency-cruiser are generated from it
 * (scripts/lib/forbidden-imports.ts) and ARCHITECTURE.md shows it; a test compares the two.
 */
export interface Room {
  readonly name: string;
  /** Folder from the repository's root; `*.ts` at its end takes the files that lie directly in the folder alone. */
  readonly folder: string;
  /** Other rooms, by name; `everything` is what only a composition root may say. */
  readonly mayImport: readonly string[] | 'everything';
  /** npm packages by name, `node:*` for Node's own modules except the reserved ones, or a reserved one by name. */
  readonly libraries: readonly string[];
}

/** Modules of Node that `node:*` does not include: each is named by the only room that may have it. */
export const reservedModules = ['node:sqlite', 'node:timers', 'node:timers/promises', 'node:perf_hooks'] as const;

const server = (name: string, mayImport: readonly string[], libraries: readonly string[] = []): Room => ({
  name,
  folder: `packages/server/src/${name}`,
  mayImport,
  libraries,
});

export const rooms: readonly Room[] = [
  { name: 'contract', folder: 'packages/contract/src', mayImport: [], libraries: ['typebox'] },
  { name: 'sdk', folder: 'packages/sdk/src', mayImport: ['contract'], libraries: [] },
  {
    name: 'simulator',
    folder: 'packages/simulator/src',
    mayImport: ['sdk'],
    libraries: ['commander', 'mqtt', 'node:*', 'node:timers', 'node:timers/promises', 'node:perf_hooks'],
  },
  server('domain', [], ['typebox']),
  server('ports', ['domain'], ['node:stream']),
  server('task-types', ['ports', 'domain'], ['typebox']),
  server('files', ['ports', 'domain'], ['yauzl', 'yazl', 'saxes', 'hucre', 'csv-parse', 'csv-stringify', 'node:*']),
  server('engine', ['ports', 'domain']),
  server('services', ['engine', 'ports', 'domain'], ['typebox', 'node:*']),
  server('store', ['ports', 'domain'], ['kysely', 'pg', 'node:*', 'node:sqlite']),
  server('http', ['services', 'domain', 'contract'], ['fastify', '@fastify/*', 'prom-client', 'typebox', 'node:*']),
  server('mqtt', ['services', 'ports', 'domain'], ['mqtt-packet', 'node:*']),
  server('push', ['ports', 'domain'], ['undici', 'rhea', 'node:*']),
  server('nodes', ['ports', 'domain']),
  server('packages-store', ['ports', 'domain'], ['undici', '@smithy/signature-v4', 'node:*']),
  server(
    'system',
    ['ports', 'domain'],
    ['pino', 'pino-pretty', 'prom-client', '@peculiar/*', 'node:*', ...reservedModules.slice(1)],
  ),
  server('config', ['domain'], ['typebox', 'node:*']),
  {
    name: 'main',
    folder: 'packages/server/src/*.ts',
    mayImport: 'everything',
    libraries: ['node:*'],
  },
];

/** Folders inside one room that do not know each other, whatever the room may import. */
export interface Separation {
  readonly name: string;
  readonly room: string;
  /** Sub-folders; `each` keeps every sub-folder of the room from every other. */
  readonly folders: readonly string[] | 'each';
  readonly reason: string;
}

export const separations: readonly Separation[] = [
  {
    name: 'task-types-apart',
    room: 'task-types',
    folders: 'each',
    reason: 'a task type is removed by deleting its folder',
  },
  {
    name: 'generations-apart',
    room: 'http',
    folders: ['v5', 'legacy'],
    reason: 'both API generations are spokes of one hub',
  },
];

/** Where a package lets others in; everything else of it is private. */
export const doors: Readonly<Record<string, string>> = {
  contract: '^packages/contract/src/(v5/|legacy/|openapi/)?index\\.ts$',
  sdk: '^packages/sdk/src/(legacy/)?index\\.ts$',
};
