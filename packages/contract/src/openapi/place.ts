import type { Endpoint } from '../v5/endpoints.ts';

/** A call as the contract's pages write it: `POST {P}/batchtasks`. */
export function placeOf({ method, path }: Pick<Endpoint, 'method' | 'path'>): string {
  return `${method} ${shortPath(path)}`;
}

/** The path with `{P}` for `/v5/iot/{project_id}`. */
export function shortPath(path: string): string {
  return path.replace('/v5/iot/{project_id}', '{P}');
}
