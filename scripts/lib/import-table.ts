import { type Room, rooms } from '../import-rules.ts';

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

function rowOf(room: Room): string {
  const others = room.mayImport === 'everything' ? 'everything' : room.mayImport.join(', ');
  return `| ${room.name} | \`${room.folder}\` | ${others || '-'} | ${quoted(room.libraries) || '-'} |`;
}

/** The table as ARCHITECTURE.md has it, one line per room in the order of the data. */
export function renderImportTable(): string {
  const head = ['| room | folder | may import | libraries |', '| --- | --- | --- | --- |'];
  return [...head, ...rooms.map(rowOf)].join('\n');
}
