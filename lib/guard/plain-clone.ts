// A structured clone where the environment hides the function for it, as Jest's jsdom does.
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';

/** What another thread would get of the value. Throws for what cannot go to one. */
export function plainClone<T>(value: T): T {
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(value);
    return (receiveMessageOnPort(port2) as { readonly message: T }).message;
  } finally {
    port1.close();
  }
}
