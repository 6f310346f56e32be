const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['praxis-source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/'],
  setupFiles: ['<rootDir>/tools/fixed-seed.mjs'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
};

const rooms = ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/bench', '<rootDir>/tools'];

/**
 * unit: no I/O beyond reading fixtures, milliseconds. int: real servers on loopback, searches that take seconds. e2e:
 * whole processes.
 */
export default {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      roots: rooms,
      testMatch: ['**/*.spec.ts', '**/*.spec.mjs'],
      testPathIgnorePatterns: ['\\.int\\.spec\\.ts$', '/node_modules/'],
    },
    { ...shared, displayName: 'int', roots: rooms, testMatch: ['**/*.int.spec.ts'] },
    { ...shared, displayName: 'e2e', roots: ['<rootDir>/e2e'], testMatch: ['**/*.e2e.ts'] },
  ],
  testTimeout: 120_000,
};
