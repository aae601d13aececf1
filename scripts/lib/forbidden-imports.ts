import type { IForbiddenRuleType } from 'dependency-cruiser';
import { doors, type Room, reservedModules, rooms, type Separation, separations } from '../import-rules.ts';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Matches the files of a room, as dependency-cruiser names them (paths from the repository's root). */
export function patternOf(room: Room): string {
  if (room.folder.endsWith('/*.ts')) return `^${escaped(room.folder.slice(0, -'*.ts'.length))}[^/]+\\.ts$`;
  return `^${escaped(room.folder)}/`;
}

/** Node's modules are named without their prefix there, except those that exist only with it. */
const nodeModule = (name: string): string => `^(node:)?${escaped(name.slice('node:'.length))}$`;

/** Any of Node's modules, which have no file ending, but none of the reserved ones. */
const anyNodeModule = `^(?!(node:)?(${reservedModules.map((name) => escaped(name.slice(5))).join('|')})$)(node:)?[a-z_0-9/]+$`;

function libraryPattern(library: string): string {
  if (library === 'node:*') return anyNodeModule;
  if (library.startsWith('node:')) return nodeModule(library);
  const name = library.endsWith('/*') ? `${escaped(library.slice(0, -1))}[^/]+` : escaped(library);
  return `(^|/)node_modules/(@types/)?${name}/`;
}

function neighbourPattern(name: string): string {
  const neighbour = rooms.find((room) => room.name === name);
  if (neighbour === undefined) throw new Error(`The import table names no room '${name}'.`);
  return doors[name] ?? patternOf(neighbour);
}

/** Everything that the table does not allow is forbidden, so a new folder or library fails until it is written down. */
function ruleOfRoom(room: Room): IForbiddenRuleType | undefined {
  if (room.mayImport === 'everything') return undefined;
  const allowed = [patternOf(room), ...room.mayImport.map(neighbourPattern), ...room.libraries.map(libraryPattern)];
  return { name: `room-${room.name}`, severity: 'error', from: { path: patternOf(room) }, to: { pathNot: allowed } };
}

function rulesOfSeparation({ name, room, folders, reason }: Separation): IForbiddenRuleType[] {
  const base = `^packages/server/src/${escaped(room)}`;
  const rule = (from: string, to: string, except?: string): IForbiddenRuleType => ({
    name,
    comment: reason,
    severity: 'error',
    from: { path: from },
    to: { path: to, ...(except === undefined ? {} : { pathNot: except }) },
  });
  if (folders === 'each') return [rule(`${base}/([^/]+)/.+`, `${base}/[^/]+/`, `${base}/$1/`)];
  return folders.flatMap((from) =>
    folders.filter((to) => to !== from).map((to) => rule(`${base}/${from}/`, `${base}/${to}/`)),
  );
}

const general: readonly IForbiddenRuleType[] = [
  { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  {
    name: 'no-cycles',
    severity: 'error',
    from: { path: '^(packages|scripts|bench)/' },
    // A cycle of types alone has no order of loading that could go wrong.
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
];

/** dependency-cruiser's rules for the whole table. */
export function forbiddenImports(): IForbiddenRuleType[] {
  const ofRooms = rooms.map(ruleOfRoom).filter((rule) => rule !== undefined);
  return [...general, ...ofRooms, ...separations.flatMap(rulesOfSeparation)];
}
