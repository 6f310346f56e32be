import { missingMigrations } from './migrate.js';

const migration = (name: string): { name: string; sql: string; checksum: string } => ({
  name,
  sql: `-- ${name}`,
  checksum: `sum of ${name}`,
});
const applied = (name: string): { name: string; checksum: string; finished: boolean } => ({
  name,
  checksum: `sum of ${name}`,
  finished: true,
});
const ours = [migration('0001_a'), migration('0002_b'), migration('0003_c')];

describe('missingMigrations', () => {
  it('gives what is not applied yet, in order (migrate.2)', () => {
    expect(missingMigrations(ours, []).map((m) => m.name)).toEqual(['0001_a', '0002_b', '0003_c']);
    expect(missingMigrations(ours, [applied('0001_a')]).map((m) => m.name)).toEqual(['0002_b', '0003_c']);
    expect(
      missingMigrations(
        ours,
        ours.map((m) => applied(m.name)),
      ),
    ).toEqual([]);
  });

  it.each([
    ['knows a migration that we do not', [applied('0009_future')], /newer release/],
    ['holds a migration that failed half way', [{ ...applied('0001_a'), finished: false }], /failed half way/],
    ['holds a migration that was edited since', [{ ...applied('0001_a'), checksum: 'other' }], /edited after/],
    ['lacks a migration before one that it has', [applied('0002_b')], /comes before/],
  ])('touches nothing where the database %s (migrate.3)', (_case, ledger, message) => {
    expect(() => missingMigrations(ours, ledger)).toThrow(message);
  });
});
