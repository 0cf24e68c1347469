// In a process of its own: attaches what it is sent and answers with the error.
import { attachStore } from '../../dist/esm/store-entry.js';

process.once('message', ({ handle }) => {
  try {
    attachStore(handle);
    process.send({ code: 'nothing thrown', message: '' });
  } catch ({ code, message }) {
    process.send({ code, message });
  }
});
