export { PAGE_DIR, type DashboardParts, type Seen } from './parts.js';
export { startDashboard } from './start-dashboard.js';
