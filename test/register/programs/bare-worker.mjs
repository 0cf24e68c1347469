// A worker without any preloaded file takes the store by itself.
import { parentPort } from 'node:worker_threads';
import { metrics } from '@opentelemetry/api';
import { inheritedStore } from '../../../dist/esm/store-entry.js';

parentPort.postMessage([metrics.getMeterProvider().constructor.name, inheritedStore() !== undefined]);
