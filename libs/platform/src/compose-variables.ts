/**
 * What docker-compose.yml fills in besides settings: it uses exactly the variables of this list. `praxis settings --env`
 * tells of them, and a process that finds one of them in its environment leaves it alone.
 */
export interface ComposeVariable {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
}

/** In the order in which `.env.example` lists them. */
export const COMPOSE_VARIABLES: readonly ComposeVariable[] = [
  { name: 'PRAXIS_IMAGE', default: 'praxis:local', meaning: 'Image of all Praxis services.' },
  { name: 'PRAXIS_BIND', default: '127.0.0.1', meaning: 'Address of this machine on which ports are published; anything but loopback opens them to the network.' },
  { name: 'GRAFANA_PORT', default: '3000', meaning: 'Port of Grafana on this machine.' },
  { name: 'VLLM_MODEL', default: 'Qwen/Qwen3-8B', meaning: 'Model that the inference node serves.' },
];
