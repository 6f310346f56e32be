/**
 * What docker-compose.yml fills in besides settings: it uses exactly the variables of this list. `praxis settings
 * --env` tells of them, and a process that finds one of them in its environment leaves it alone.
 */
export interface ComposeVariable {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
}

/** In the order in which `.env.example` lists them. */
export const COMPOSE_VARIABLES: readonly ComposeVariable[] = [
  { name: 'PRAXIS_IMAGE', default: 'praxis:local', meaning: 'Image of all Praxis services.' },
  {
    name: 'PRAXIS_BIND',
    default: '127.0.0.1',
    meaning: 'Address of this machine on which ports are published; anything but loopback opens them to the network.',
  },
  {
    name: 'PRAXIS_FILES',
    default: './docker/files',
    meaning: 'Folder of this machine that the services find at /etc/praxis, for the files that other variables name.',
  },
  { name: 'GRAFANA_PORT', default: '3000', meaning: 'Port of Grafana on this machine.' },
  { name: 'VLLM_MODEL', default: 'Qwen/Qwen3-8B', meaning: 'Model that the inference node serves.' },
];

const OWN_PLACE = "the services listen and find each other by their names in the cluster's own network";

/** Settings that docker-compose.yml does not hand on to its containers, and why; it hands on all others. */
export const NOT_IN_COMPOSE: Readonly<Record<string, string>> = {
  PRAXIS_DATA_DIR: 'containers keep nothing: the database is a service of its own',
  PRAXIS_DATABASE_URL:
    'the cluster brings its own Postgres; for another one, override PRAXIS_DATABASE_URL_FILE in docker-compose.override.yml',
  PRAXIS_REDIS_URL:
    'the cluster brings its own Redis; for another one, override PRAXIS_REDIS_URL_FILE in docker-compose.override.yml',
  PRAXIS_PLANNER_ADDRESS: OWN_PLACE,
  PRAXIS_EXECUTOR_ADDRESS: OWN_PLACE,
  PRAXIS_EXECUTOR_ANNOUNCE: 'each container announces its own address',
  PRAXIS_EXECUTOR_COUNT: 'docker compose up --scale executor=N says how many',
  PRAXIS_ARCHIVE_ADDRESS: OWN_PLACE,
  PRAXIS_DASHBOARD_ADDRESS: OWN_PLACE,
  PRAXIS_METRICS_ADDRESS: OWN_PLACE,
  PRAXIS_ARTIFACTS_FOLDER: 'containers share no folder: artifacts are stored in the database',
  PRAXIS_MODEL_GGUF: 'the image holds no engine for models; serve the file from a node',
  PRAXIS_MODEL_RECORD: 'containers have nowhere to write',
};
