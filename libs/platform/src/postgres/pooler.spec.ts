import type { Client } from 'pg';
import { refuseSharedConnections } from './pooler.js';

describe('refuseSharedConnections', () => {
  it('asks nothing more of a connection whose process is the one that was announced (pooler.1)', async () => {
    let asked = 0;
    const client = {
      processID: 7,
      query: () => Promise.resolve({ rows: [{ pid: 7 }] }).finally(() => asked++),
    } as unknown as Client;
    const open = () => Promise.reject(new Error('a second connection'));
    await expect(refuseSharedConnections(client, 'db:5432', open)).resolves.toBeUndefined();
    expect(asked).toBe(1);
  });
});
