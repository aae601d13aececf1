import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completeLock, type LockFile, omissionsOf } from '../scripts/lib/lock-file.ts';

const lockFile = resolve(import.meta.dirname, '..', 'package-lock.json');

describe('the lock file', () => {
  const lock = JSON.parse(readFileSync(lockFile, 'utf8')) as LockFile;

  it('has an entry for every optional dependency, so that npm ci takes it', () => {
    expect(omissionsOf(lock)).toEqual([]);
  });

  it('names no registry', () => {
    expect(readFileSync(lockFile, 'utf8')).not.toMatch(/"resolved": "https?:/);
  });
});

describe('completing a lock file', () => {
  const partial: LockFile = {
    packages: {
      '': {},
      'node_modules/a': {
        dev: true,
        optionalDependencies: { '@a/win32-x64-msvc': '1.2.3', '@a/linux-arm64-musl': '1.2.3' },
      },
      'node_modules/b': { optionalDependencies: { '@b/linux-x64': '2.0.0', '@b/darwin-arm64': '2.0.0' } },
      'node_modules/b/node_modules/@b/linux-x64': { version: '2.0.0' },
      'node_modules/@b/darwin-arm64': { version: '2.0.0' },
    },
  };

  it('adds what is missing with its platform and keeps what is there', () => {
    const { packages } = completeLock(partial);
    expect(Object.keys(packages)).toHaveLength(7);
    expect(packages).toMatchObject(partial.packages);
    expect(packages['node_modules/@a/win32-x64-msvc']).toEqual({
      version: '1.2.3',
      cpu: ['x64'],
      dev: true,
      optional: true,
      os: ['win32'],
    });
    expect(packages['node_modules/@a/linux-arm64-musl']).toMatchObject({ libc: ['musl'] });
    expect(omissionsOf({ packages })).toEqual([]);
  });

  it('refuses to guess the platform of a package', () => {
    const lock = { packages: { 'node_modules/c': { optionalDependencies: { 'c-native': '1.0.0' } } } };
    expect(() => completeLock(lock)).toThrow('c-native');
  });
});
