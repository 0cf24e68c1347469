// The entry `./register`, for `node --import otel-argo-metrics/register app.js`. The only one that does something when it is loaded. It exports what
// `./store` does: so it is made of the same chunks, and a thread that loads both loads nothing twice.
import { register } from './register/register.js';

export * from './store-entry.js';

register();
