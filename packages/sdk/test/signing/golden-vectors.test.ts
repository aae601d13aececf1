import { describe, expect, it } from 'vitest';
import {
  canonicalPath,
  canonicalQuery,
  canonicalRequest,
  type SignableRequest,
} from '../../src/signing/canonical-request.ts';
import { sha256Hex } from '../../src/signing/hash.ts';
import { sdkHmacAuthorization, sdkHmacSignature } from '../../src/signing/sdk-hmac.ts';
import { v11Authorization, v11DerivedKey, v11Info, v11Signature } from '../../src/signing/v11-hmac.ts';

// The vectors of v5 2.4.
const key = { accessKey: 'AKTEST', secretKey: 'SKTEST' };
const sdkDate = '20261122T015513Z';
const scope = { sdkDate, regionId: 'cn-test-1' };
const body = '{"task_name":"中文name","task_type":"createCommands","targets":["a","b"],"document":{"service_id":"s"}}';
const common = {
  'Content-Type': 'application/json',
  Host: '127.0.0.1:8099',
  'X-Project-Id': 'proj1',
  'X-Sdk-Date': sdkDate,
};

const v1Request = async (): Promise<SignableRequest> => ({
  method: 'POST',
  path: '/v5/iot/proj1/batchtasks',
  query: [],
  headers: { ...common, 'Instance-Id': 'inst-1' },
  payloadHash: await sha256Hex(body),
});

const v3Request = async (): Promise<SignableRequest> => ({
  method: 'GET',
  path: '/v5/iot/proj1/batchtask-files',
  query: [],
  headers: common,
  payloadHash: await sha256Hex(''),
});

describe('signing', () => {
  it('hashes the bodies of the golden vectors [v5 1]', async () => {
    expect((await v1Request()).payloadHash).toBe('790bceb0364850265317cdc812a66f7ebdba1f10621f64b771f3dbdb9e324e00');
    expect((await v3Request()).payloadHash).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('signs SDK-HMAC-SHA256 as the golden vector says [v5 1]', async () => {
    const request = await v1Request();
    const canonicalHash = await sha256Hex(canonicalRequest(request));
    expect(canonicalHash).toBe('454981801034da28810fc26f41b19d5097ae80c117473149da0945b546b54b19');
    expect(await sdkHmacSignature(key, sdkDate, request)).toBe(
      'f1513b01234346657134c690812c038a43f034e33c6f688f273831c7ba071183',
    );
  });

  it('signs V11-HMAC-SHA256 as the golden vector says [v5 1]', async () => {
    const request = await v3Request();
    expect(v11Info(scope)).toBe('20261122/cn-test-1/iotdm');
    expect(await v11DerivedKey(key, v11Info(scope))).toBe(
      '5b0e6819972cfbd63783990a22c789c4a9c516afdd304c31e23f899c1e3bfcb0',
    );
    const canonicalHash = await sha256Hex(canonicalRequest(request));
    expect(canonicalHash).toBe('1c3b7f373d42a2c7ad11c03a07ed6e460a1715bbdfb9803caf2250bd5da0eaac');
    expect(await v11Signature(key, scope, request)).toBe(
      'c71330d30a2cd5b7993e2f59baee487f2522dfe69f11325c3fd8bae0e46ae9d7',
    );
  });

  it('writes the Authorization headers in the form of the contract', async () => {
    expect(await sdkHmacAuthorization(key, sdkDate, await v1Request())).toBe(
      'SDK-HMAC-SHA256 Access=AKTEST, SignedHeaders=content-type;host;instance-id;x-project-id;x-sdk-date, ' +
        'Signature=f1513b01234346657134c690812c038a43f034e33c6f688f273831c7ba071183',
    );
    expect(await v11Authorization(key, scope, await v3Request())).toBe(
      'V11-HMAC-SHA256 Credential=AKTEST/20261122/cn-test-1/iotdm, ' +
        'SignedHeaders=content-type;host;x-project-id;x-sdk-date, ' +
        'Signature=c71330d30a2cd5b7993e2f59baee487f2522dfe69f11325c3fd8bae0e46ae9d7',
    );
  });

  it('brings any spelling of a path to one', () => {
    expect(canonicalPath("/a%20b/(c)*'/%7E")).toBe('/a%20b/%28c%29%2A%27/~/');
    expect(canonicalPath('/v5/')).toBe('/v5/');
  });

  it('sorts the query by key, then value, and encodes all but the unreserved characters', () => {
    const pairs = [
      ['b', "it's (b)*"],
      ['a', '2'],
      ['a', '10'],
      ['中', ' '],
    ] as const;
    expect(canonicalQuery(pairs)).toBe('a=10&a=2&b=it%27s%20%28b%29%2A&%E4%B8%AD=%20');
    expect(canonicalQuery([])).toBe('');
  });
});
