import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inBuildOrder, publishedManifest, readPackages } from '../scripts/lib/package-build.ts';

describe('a published package', () => {
  it('points at the build instead of the sources', () => {
    const manifest = {
      name: '@muster/x',
      private: true,
      exports: { '.': './src/index.ts', './v5': './src/v5/index.ts' },
      bin: { x: './src/main.ts' },
      dependencies: { y: '1.0.0' },
    };
    expect(publishedManifest(manifest)).toEqual({
      name: '@muster/x',
      exports: {
        '.': { types: './index.d.ts', default: './index.js' },
        './v5': { types: './v5/index.d.ts', default: './v5/index.js' },
      },
      bin: { x: './main.js' },
      dependencies: { y: '1.0.0' },
    });
  });

  it('is built after those that it depends on', () => {
    const packages = readPackages(resolve(import.meta.dirname, '..'));
    const built = inBuildOrder([...packages].reverse()).map(({ manifest }) => manifest.name);
    expect(built).toHaveLength(packages.length);
    for (const { manifest } of packages) {
      const needed = Object.keys(manifest.dependencies ?? {}).filter((name) => built.includes(name));
      for (const name of needed) expect(built.indexOf(name)).toBeLessThan(built.indexOf(manifest.name));
    }
  });
});
