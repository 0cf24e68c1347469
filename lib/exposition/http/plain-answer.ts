// What all answers of an endpoint have in common, and the short ones for people.
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Whether a request may go on; otherwise it was answered. */
export type Lets = (request: IncomingMessage, response: ServerResponse) => boolean;

/** What answers the requests of a path. */
export interface RequestAnswers {
  /** Never throws and never rejects. */
  answer(request: IncomingMessage, response: ServerResponse, lets?: Lets): Promise<void>;
}

export function plainAnswer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}

/** Whether somebody has answered already. */
export function isOver(response: ServerResponse): boolean {
  return response.headersSent || response.writableEnded;
}

/** Whether it is neither GET nor HEAD, and was answered. */
export function isOtherMethod({ method }: IncomingMessage, response: ServerResponse): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  response.setHeader('Allow', 'GET, HEAD');
  plainAnswer(response, 405, 'Only GET and HEAD are answered here.\n');
  return true;
}
