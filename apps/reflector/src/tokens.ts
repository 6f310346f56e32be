/** Under which Nest keeps the service's gRPC methods. */
export const METHODS = Symbol('methods');
