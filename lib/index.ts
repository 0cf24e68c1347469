// The entry `.`: everything.
export * from './argo-entry.js';
export * from './store-entry.js';
