import { fileURLToPath } from 'node:url';

process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(
  new URL('./tools/codegen/schema-engine.mjs', import.meta.url),
);
process.env.CHECKPOINT_DISABLE ??= '1';

/**
 * Settings of the Prisma CLI, which only `npm run gen` uses; see tools/codegen. A plain object: the CLI is no
 * dependency.
 */
export default {
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://127.0.0.1:5432/praxis' },
};
