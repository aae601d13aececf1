import { gunzipSync } from 'node:zlib';
import { createLegacyDocument, createV5Document } from '@muster/contract/openapi';
import { request as send } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addReferenceRoutes } from '../../../src/http/reference/reference-routes.ts';
import { type ApiServer, startApiServer } from '../../support/api-server.ts';
import { call } from '../../support/http-client.ts';

let server: ApiServer;

beforeAll(async () => {
  server = await startApiServer({ addRoutes: addReferenceRoutes });
});
afterAll(() => server.stop());

const get = (path: string, headers: Record<string, string> = {}) => call(server.port, { path, headers });

function getBytes(path: string, headers: Record<string, string>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const request = send({ host: '127.0.0.1', port: server.port, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks)));
    });
    request.on('error', reject);
    request.end();
  });
}

describe('GET /openapi/v5.json', () => {
  it('gives everybody the document, with a request id and a tag', async () => {
    const { status, headers, json } = await get('/openapi/v5.json');
    expect({ status, json }).toEqual({ status: 200, json: createV5Document() });
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-cache',
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) as string,
      'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
  });

  it('answers 304 to whoever has it, and only to them', async () => {
    const { headers } = await get('/openapi/v5.json');
    const etag = String(headers.etag);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get('/openapi/v5.json', { 'If-None-Match': known });
      expect([known, again.status, again.text, again.headers.etag]).toEqual([known, 304, '', etag]);
      expect(again.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    }
    expect((await get('/openapi/v5.json', { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  it('is compressed for whoever takes gzip, under a tag of its own', async () => {
    const plain = await get('/openapi/v5.json');
    const packed = await getBytes('/openapi/v5.json', { 'Accept-Encoding': 'br, gzip' });
    expect(packed.length).toBeLessThan(plain.text.length / 4);
    expect(gunzipSync(packed).toString('utf8')).toBe(plain.text);
    const { headers } = await get('/openapi/v5.json', { 'Accept-Encoding': 'gzip;q=0.5' });
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(headers.etag).not.toBe(plain.headers.etag);
    for (const refusal of ['gzip;q=0', 'identity', 'xgzip']) {
      const other = await get('/openapi/v5.json', { 'Accept-Encoding': refusal });
      expect([refusal, other.headers['content-encoding']]).toEqual([refusal, undefined]);
    }
  });

  it('answers HEAD without the document', async () => {
    const { status, text, headers } = await call(server.port, { method: 'HEAD', path: '/openapi/v5.json' });
    expect({ status, text }).toEqual({ status: 200, text: '' });
    expect(Number(headers['content-length'])).toBeGreaterThan(100_000);
  });
});

describe('GET /openapi/legacy.json', () => {
  it('gives everybody the document of the other generation', async () => {
    const { status, json } = await get('/openapi/legacy.json');
    expect({ status, json }).toEqual({ status: 200, json: createLegacyDocument() });
  });
});

describe('GET /docs', () => {
  it('is a page that loads nothing from elsewhere and has nothing inline', async () => {
    const { status, headers, text } = await get('/docs');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(text).not.toMatch(/https?:\/\/|\/\/|<script>|<style|style=|\son\w+=/);
  });

  it('finds every file that it names', async () => {
    const { text } = await get('/docs');
    const named = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(3);
    for (const path of named) {
      const { status, headers, text: content } = await get(`/${path}`);
      expect([path, status, content.length > 0]).toEqual([path, 200, true]);
      expect(headers).toMatchObject({ etag: expect.any(String) as string, 'x-content-type-options': 'nosniff' });
    }
  });

  it('lets its reader choose between the documents, each of which is there', async () => {
    const { text } = await get('/docs/start.js');
    const urls = [...text.matchAll(/url: '([^']+)'/g)].map(([, url = '']) => url);
    expect(urls).toEqual(['openapi/v5.json', 'openapi/legacy.json']);
    for (const url of urls) expect((await get(`/${url}`)).status).toBe(200);
  });

  it('is where /docs/ leads, also behind a path of a proxy', async () => {
    const { status, headers } = await get('/docs/');
    expect([status, headers.location]).toEqual([308, '../docs']);
    expect(new URL(String(headers.location), 'http://a/behind/docs/').pathname).toBe('/behind/docs');
  });

  it('gives no other file of the package', async () => {
    for (const path of ['/docs/index.html', '/docs/../package.json', '/docs/%2e%2e%2fpackage.json']) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });
});
