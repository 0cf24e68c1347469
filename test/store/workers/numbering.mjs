import { parentPort } from 'node:worker_threads';
import { nextStoreNumber } from '../../../dist/store/store-number.js';

parentPort.postMessage([nextStoreNumber(), nextStoreNumber()]);
