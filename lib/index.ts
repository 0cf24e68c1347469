// The entry `.`: everything of `./store` and `./argo`.
export * from './argo-entry.js';
export * from './store-entry.js';
