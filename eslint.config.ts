import tseslint from 'typescript-eslint';

/**
 * Biome does format and syntax; these are the rules that need types, and the bans that keep the engine runnable under
 * simulated time (only system/ reads the clock, sets timers or draws random numbers; only config/ reads the environment).
 */

const injected = 'Only packages/server/src/system may touch this: take Clock or Random from the ports.';
// setImmediate is no timer: it yields to the event loop and no time passes by it.
const timers = ['setTimeout', 'setInterval', 'performance'];
const random = ['randomUUID', 'randomBytes', 'randomInt', 'randomFill', 'randomFillSync', 'getRandomValues'];

const clockGlobals = timers.map((name) => ({ name, message: injected }));
const clockProperties = [
  { object: 'Date', property: 'now', message: injected },
  { object: 'Math', property: 'random', message: injected },
  { object: 'AbortSignal', property: 'timeout', message: injected },
  ...['hrtime', 'uptime'].map((property) => ({ object: 'process', property, message: injected })),
  ...timers.map((property) => ({ object: 'globalThis', property, message: injected })),
  ...random.map((property) => ({ object: 'crypto', property, message: injected })),
];
const environment = {
  object: 'process',
  property: 'env',
  message: 'Only packages/server/src/config reads the environment: take the frozen Config.',
};
const clockSyntax = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: injected },
  { selector: "CallExpression[callee.name='Date']", message: injected },
];
const sqlText = '/\\b(insert\\s+into|delete\\s+from|update\\s+\\w+\\s+set|select\\s[^.]{1,200}\\sfrom)\\s/i';
const sqlMessage = 'SQL lives under packages/server/src/store only.';
const sqlSyntax = [
  { selector: `Literal[value=${sqlText}]`, message: sqlMessage },
  { selector: `TemplateElement[value.raw=${sqlText}]`, message: sqlMessage },
];
const clockImports = {
  paths: [{ name: 'node:crypto', importNames: random, message: injected }],
  patterns: [{ group: ['node:timers', 'node:timers/*', 'node:perf_hooks'], message: injected }],
};

const server = 'packages/server/src';

export default tseslint.config(
  { ignores: ['**/node_modules/**', '**/dist/**', 'data/**', 'coverage/**'] },
  {
    files: ['packages/*/{src,test}/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/restrict-plus-operands': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true, IIFEs: true }],
      'max-params': ['error', { max: 3 }],
      'no-restricted-syntax': ['error', ...sqlSyntax],
    },
  },
  {
    // The SDK runs in its user's process and signs with its user's time: no simulated time there.
    files: [`${server}/**/*.ts`, 'packages/contract/src/**/*.ts'],
    ignores: [`${server}/system/**`],
    rules: {
      'no-restricted-globals': ['error', ...clockGlobals],
      'no-restricted-properties': ['error', ...clockProperties, environment],
      'no-restricted-imports': ['error', clockImports],
      'no-restricted-syntax': ['error', ...clockSyntax, ...sqlSyntax],
    },
  },
  {
    files: [`${server}/system/**/*.ts`],
    rules: { 'no-restricted-properties': ['error', environment] },
  },
  {
    files: [`${server}/store/**/*.ts`],
    rules: { 'no-restricted-syntax': ['error', ...clockSyntax] },
  },
  {
    files: [`${server}/config/**/*.ts`],
    rules: { 'no-restricted-properties': ['error', ...clockProperties] },
  },
);
