import { join } from 'node:path';
import type { Service } from './compose-file.js';

/** What a container of an official image does, in the terms of this machine. */
export interface Program {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly { readonly from: string; readonly at: string; readonly readOnly: boolean }[];
  /** Folders that the image has, owned by its user, which fresh volumes therefore get. */
  readonly owns: readonly string[];
  /** What asks it to end. */
  readonly stopSignal: NodeJS.Signals;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The contract of the Postgres image: the cluster is made at the first start, with user, password file and database.
 */
const POSTGRES = `
set -e
data=/var/lib/postgresql/18/docker
if [ ! -s "$data/PG_VERSION" ]; then
  mkdir -p "$data"
  initdb -D "$data" -U "$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" --auth-local=trust --auth-host=scram-sha-256 -E UTF8 --locale=C >/dev/null
  echo 'host all all all scram-sha-256' >> "$data/pg_hba.conf"
  echo "create database \\"$POSTGRES_DB\\"" | postgres --single -D "$data" postgres >/dev/null
fi
exec postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql "$@"
`;

/** Stands in for an official image by the same server from this machine; fails for images it does not know. */
export function officialImage(service: Service, postgresBin: string): Program {
  const [image] = service.image.split(':');
  if (image === 'postgres') {
    const native = postgresBin.replace(/\/bin$/, '');
    // At its own place, where the links between its libraries lead.
    const mounts = [{ from: native, at: native, readOnly: true }];
    return {
      argv: ['sh', '-c', POSTGRES, 'postgres', ...service.command],
      env: { PATH: `${native}/bin:${PATH}`, LD_LIBRARY_PATH: join(native, 'lib') },
      mounts,
      owns: ['/var/lib/postgresql'],
      stopSignal: 'SIGINT',
    };
  }
  if (image === 'redis')
    return { argv: service.command, env: { PATH }, mounts: [], owns: ['/data'], stopSignal: 'SIGTERM' };
  throw new Error(`nothing here can stand in for the image ${service.image}`);
}
