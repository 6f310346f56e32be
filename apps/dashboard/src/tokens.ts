/** What Nest hands to the controllers. */
export const PARTS = Symbol('parts');
export const ACCESS = Symbol('access');
export const STREAMS = Symbol('streams');
export const OVERVIEWS = Symbol('overviews');
export const NEWS = Symbol('news');
