import type { Path } from '../../../support/hostile-values.ts';

/** A value at a bound of its field, and whether it lies within. */
export interface Edge {
  readonly path: Path;
  readonly value: string | number;
  readonly isWithin: boolean;
}

/** What is read of a JSON Schema. */
interface Node {
  readonly type?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The one that takes most bytes comes first. */
const letters = ['泵', 'a', '0'];

/** Lengths that a pattern of the contract's notation allows; others have none. */
function lengthsOf({ pattern, minLength, maxLength }: Node): { min: number; max: number } | undefined {
  const counted = /\{(\d+),(\d+)\}\$$/.exec(pattern ?? '');
  if (counted !== null) return { min: Number(counted[1]), max: Number(counted[2]) };
  return maxLength === undefined ? undefined : { min: minLength ?? 0, max: maxLength };
}

/** The longest and one more, the shortest and one less; the same with numbers. */
export function edgesOf(node: Node, path: Path = []): readonly Edge[] {
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([name, child]) => edgesOf(child, [...path, name]));
  }
  if (node.items !== undefined) return edgesOf(node.items, [...path, 0]);
  if (node.type === 'string') return textEdges(node, path);
  return node.type === 'integer' ? numberEdges(node, path) : [];
}

function textEdges(node: Node, path: Path): readonly Edge[] {
  const lengths = lengthsOf(node);
  if (lengths === undefined) return [];
  const { min, max } = lengths;
  const fits = (letter: string): boolean => new RegExp(node.pattern ?? '', 'u').test(letter.repeat(max));
  const letter = letters.find(fits) ?? 'a';
  const edge = (length: number, isWithin: boolean): Edge => ({ path, value: letter.repeat(length), isWithin });
  return [edge(max, true), edge(max + 1, false), edge(min, true), ...(min === 0 ? [] : [edge(min - 1, false)])];
}

function numberEdges({ minimum, maximum }: Node, path: Path): readonly Edge[] {
  const edge = (value: number, isWithin: boolean): Edge => ({ path, value, isWithin });
  return [
    ...(minimum === undefined ? [] : [edge(minimum, true), edge(minimum - 1, false)]),
    ...(maximum === undefined ? [] : [edge(maximum, true), edge(maximum + 1, false)]),
  ];
}
