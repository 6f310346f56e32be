import { serveTasks } from '../../threads/serve-tasks.js';
import { findLinks, type FoundLinks, type LinksRequest } from './find-links.js';

/** The thread in which pages of strangers are parsed. */
serveTasks<LinksRequest, FoundLinks>(async (request) => ({ value: findLinks(request), transfer: [] }));
