/** Under which Nest keeps the service's gRPC methods. */
export const METHODS = Symbol('methods');

/** The same, of the service that answers for inference nodes. */
export const NODE_METHODS = Symbol('node methods');

/** The methods that answer for artifacts. */
export const ARTIFACT_METHODS = Symbol('artifact methods');
