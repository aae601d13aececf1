import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createLegacyDocument, createV5Document, type OpenApiDocument } from '@muster/contract/openapi';
import type { FastifyInstance } from 'fastify';
import { docsPage, docsPolicy, docsScript } from './docs-page.ts';
import { createFixedFile, type FixedFile } from './fixed-file.ts';

const require = createRequire(import.meta.url);

const script = 'text/javascript; charset=utf-8';
const style = 'text/css; charset=utf-8';

// The package brings Swagger UI as files; its plug-in for the framework is not used.
const interfaceFiles = {
  'swagger-ui-bundle.js': script,
  'swagger-ui-standalone-preset.js': script,
  'swagger-ui.css': style,
  'favicon-32x32.png': 'image/png',
};

/** Operations page, Observing: the OpenAPI documents and the page that shows them. All are for everybody. */
export function addReferenceRoutes(app: FastifyInstance): void {
  for (const [url, file] of Object.entries(referenceFiles())) {
    app.get(url, { exposeHeadRoute: true }, file);
  }
  // Relative as all addresses of the page: a proxy may put a path in front.
  app.get('/docs/', { exposeHeadRoute: true }, (_request, reply) => reply.redirect('../docs', 308));
}

function documentFile(create: () => OpenApiDocument): FixedFile {
  return createFixedFile({ type: 'application/json; charset=utf-8', read: () => JSON.stringify(create()) });
}

function referenceFiles(): Readonly<Record<string, FixedFile>> {
  const headers = { 'Content-Security-Policy': docsPolicy, 'Referrer-Policy': 'no-referrer' };
  const folder = join(dirname(require.resolve('@fastify/swagger-ui')), 'static');
  const assets = Object.entries(interfaceFiles).map(([name, type]): [string, FixedFile] => [
    `/docs/${name}`,
    createFixedFile({ type, read: () => readFile(join(folder, name)), headers }),
  ]);
  return {
    '/openapi/v5.json': documentFile(createV5Document),
    '/openapi/legacy.json': documentFile(createLegacyDocument),
    '/docs': createFixedFile({ type: 'text/html; charset=utf-8', read: () => docsPage, headers }),
    '/docs/start.js': createFixedFile({ type: script, read: () => docsScript, headers }),
    ...Object.fromEntries(assets),
  };
}
