export { nearestName, suggestion } from '@praxis/core';
