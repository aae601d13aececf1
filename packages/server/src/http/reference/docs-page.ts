/** The page at `/docs`; addresses are relative, so that it also works behind a proxy that puts a path in front. */
export const docsPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Muster API</title>
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png">
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <script src="docs/swagger-ui-bundle.js" defer></script>
    <script src="docs/swagger-ui-standalone-preset.js" defer></script>
    <script src="docs/start.js" defer></script>
  </head>
  <body>
    <noscript>This page needs JavaScript; the documents themselves are at <a href="openapi/v5.json">openapi/v5.json</a> and <a href="openapi/legacy.json">openapi/legacy.json</a>.</noscript>
    <div id="reference"></div>
  </body>
</html>
`;

/** Puts the reference on the page, with a choice of the generation on top; `validatorUrl: null` keeps it from asking a service elsewhere. */
export const docsScript = `'use strict';
SwaggerUIBundle({
  urls: [
    { name: 'v5', url: 'openapi/v5.json' },
    { name: 'legacy', url: 'openapi/legacy.json' },
  ],
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  filter: true,
  persistAuthorization: false,
  validatorUrl: null,
});
`;

/** Nothing from elsewhere, nothing inline, in no frame; the interface draws its icons from data addresses. */
export const docsPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
