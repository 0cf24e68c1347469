// Who wants to know that a connection was closed. Answers of one connection may be many, when its requests did not wait for
// each other, and Node warns of more than ten listeners: so a connection has one listener for all of them.
import type { Socket } from 'node:net';
import { hasMethod } from '../../guard/option-checks.js';

const waiting = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls back when the connection closes, at once if it is closed already. Where a server was imitated, as functions of a cloud
 * do, there may be no connection, or one that never says anything.
 *
 * @returns what takes the wish back
 */
export function onceClosed(socket: Socket, closed: () => void): () => void {
  if (!hasMethod(socket, 'on')) return () => undefined;
  const all = waiting.get(socket) ?? listen(socket);
  all.add(closed);
  if (socket.destroyed) closed();
  return () => void all.delete(closed);
}

function listen(socket: Socket): Set<() => void> {
  const all = new Set<() => void>();
  waiting.set(socket, all);
  socket.on('close', () => {
    for (const closed of all) closed();
  });
  return all;
}
