import { ArchiveServiceService } from '../gen/praxis/v1/archive.js';
import { ArtifactServiceService } from '../gen/praxis/v1/artifact.js';
import { EnvironmentServiceService } from '../gen/praxis/v1/environment.js';
import { ExecutorServiceService } from '../gen/praxis/v1/executor.js';
import { NodeServiceService } from '../gen/praxis/v1/node.js';
import { PlannerServiceService } from '../gen/praxis/v1/planner.js';

/** The protobuf package of all services. */
export const PACKAGE = 'praxis.v1';

/** The services there are: their names on the wire and their definitions. */
export const SERVICES = {
  planner: { name: 'PlannerService', definition: PlannerServiceService },
  executor: { name: 'ExecutorService', definition: ExecutorServiceService },
  archive: { name: 'ArchiveService', definition: ArchiveServiceService },
  environment: { name: 'EnvironmentService', definition: EnvironmentServiceService },
  nodes: { name: 'NodeService', definition: NodeServiceService },
  artifacts: { name: 'ArtifactService', definition: ArtifactServiceService },
} as const;

/** A service, by the word that settings and code use for it. */
export type ServiceName = keyof typeof SERVICES;

/** The service's full name on the wire, e.g. `praxis.v1.PlannerService`. */
export const fullName = (service: ServiceName): string => `${PACKAGE}.${SERVICES[service].name}`;
