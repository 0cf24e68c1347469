// Says how a collector thread cannot be started: node restricted.mjs OPTIONS
import { createStore, startCollectorThread } from '../../../dist/esm/store-entry.js';

const store = createStore({ maxBytes: 2 ** 22 });
const options = JSON.parse(process.argv[2]);
const error = await startCollectorThread({ store, prometheus: { port: 0 }, ...options }).catch(
  reason => reason,
);
process.stdout.write(`${error.name} ${error.code}: ${error.message}; ${error.cause?.code}`);
process.exit();
