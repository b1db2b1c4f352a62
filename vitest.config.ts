import { defineConfig } from 'vitest/config'

const slow = { testTimeout: 120_000, hookTimeout: 300_000 }

export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: [
      // one world for all files: starting one for each costs more than the tests
      { test: { name: 'unit', include: ['tests/unit/**/*.test.ts', 'tests/house.test.ts'], isolate: false } },
      { test: { name: 'house', include: ['tests/house/**/*.test.ts', 'tests/contract/fake.test.ts'], ...slow } },
      {
        test: {
          name: 'ui',
          include: ['tests/ui/**/*.test.ts'],
          globalSetup: ['tests/fixtures/ui-setup.ts'],
          // as patient as the browser itself is with what is to be seen
          expect: { poll: { timeout: 30_000 } },
          ...slow,
        },
      },
      {
        test: {
          name: 'engine',
          include: ['tests/engine/**/*.test.ts', 'tests/contract/real.test.ts'],
          globalSetup: ['tests/fixtures/engine-setup.ts'],
          fileParallelism: false,
          ...slow,
        },
      },
    ],
  },
})
