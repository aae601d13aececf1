import { legacyEndpoints, type LegacyEndpoint } from '@muster/contract/legacy';

/** Every path of a call, older versions included, `:name` for each parameter; each also with a slash at its end (legacy 1.2). */
export function pathsOf({ path, alsoAt = [] }: LegacyEndpoint): readonly string[] {
  return [path, ...alsoAt].flatMap((each) => {
    const url = each.replace(/\{(\w+)\}/g, ':$1');
    return [url, `${url}/`];
  });
}

interface Place {
  readonly method: string;
  readonly shape: RegExp;
}

const places: readonly Place[] = legacyEndpoints.flatMap((endpoint) =>
  [endpoint.path, ...(endpoint.alsoAt ?? [])].map((path) => ({
    method: endpoint.method,
    shape: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`),
  })),
);

/** With which methods an address can be asked; none: nothing is there. */
export function allowedMethods(path: string): readonly string[] {
  const methods = places.filter(({ shape }) => shape.test(path)).map(({ method }) => method);
  return [...new Set(methods)].sort();
}
