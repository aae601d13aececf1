import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ClientLanguage, runClientProgram } from './support/client-programs.ts';
import { type LegacyRecorder, startLegacyRecorder } from './support/legacy-recorder.ts';
import { expectedOf, foundOf, wireCalls } from './support/legacy-wire-calls.ts';

const timeout = 180_000;

const programs = {
  python: {
    ownTests: ['-m', 'unittest', 'discover', '-s', 'tests', '-t', '.'],
    wire: 'tests/wire_calls.py',
    login: 'tests/one_login.py',
  },
  php: { ownTests: ['tests/run.php'], wire: 'tests/wire-calls.php', login: 'tests/one-login.php' },
} as const satisfies Record<ClientLanguage, unknown>;

/** Members of an SSLConfig or settings of a NorthApiClient that present the pair as the client's. */
const ownPair = {
  python: (cert: string, key: string) => ({ certFile: cert, keyFile: key }),
  // The original loads the client's key from there (legacy 14.2).
  php: (cert: string, key: string) => ({ selfCertPath: cert, trustCAPath: key }),
} as const satisfies Record<ClientLanguage, unknown>;

const tokens = { scope: 'default', tokenType: 'bearer', expiresIn: 3600, accessToken: 'token-1', refreshToken: 'r-1' };

describe.for(['python', 'php'] as const)('the legacy client in %s', (language) => {
  const { ownTests, wire, login } = programs[language];

  it('passes its own tests', { timeout }, async () => {
    const { code, output, errors } = await runClientProgram(language, ownTests);
    expect({ code, output, errors }).toMatchObject({ code: 0 });
  });

  it('puts every call on the wire as the contract has it, over one connection, and reads the answers', {
    timeout,
  }, async () => {
    const recorder: LegacyRecorder = await startLegacyRecorder(
      () => wireCalls[recorder.calls.length - 1]?.answer ?? {},
    );
    const args = [wire, String(recorder.port), join(recorder.folder, 'tls-cert.pem')];
    const { code, output, errors } = await runClientProgram(language, args);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(recorder.calls.map(foundOf)).toEqual(wireCalls.map(expectedOf));
    expect(JSON.parse(output)).toEqual(wireCalls.map(({ outcome }) => outcome));
    expect(recorder.connections()).toBe(1);
  });

  it('checks certificate and host name unless it is told not to, and shows a certificate of its own', {
    timeout,
  }, async () => {
    const recorder = await startLegacyRecorder(() => ({ body: tokens }));
    const [caFile, keyFile] = ['tls-cert.pem', 'tls-key.pem'].map((file) => join(recorder.folder, file));
    const signIn = async (host: string, settings: Readonly<Record<string, unknown>>): Promise<string> => {
      const all = { platformIp: host, platformPort: String(recorder.port), ...settings };
      const { code, output, errors } = await runClientProgram(language, [login, JSON.stringify(all)]);
      expect({ code, errors }).toEqual({ code: 0, errors: '' });
      return output.trim();
    };
    expect(await signIn('127.0.0.1', {})).toBe('1003');
    expect(await signIn('127.0.0.1', { caFile })).toBe('token-1');
    expect(await signIn('127.0.0.1', { verifyCertificate: false })).toBe('token-1');
    expect(await signIn('localhost', { caFile })).toBe('1003');
    expect(await signIn('localhost', { caFile, verifyHostName: false })).toBe('token-1');
    expect(await signIn('localhost', { verifyCertificate: false })).toBe('token-1');
    expect(recorder.calls.map(({ certificate }) => certificate)).toEqual(Array(4).fill(undefined));
    const pair = ownPair[language](String(caFile), String(keyFile));
    expect(await signIn('127.0.0.1', { caFile, ...pair })).toBe('token-1');
    expect(recorder.calls.at(-1)?.certificate).toBe('Muster');
  });
});
