import type { IncomingMessage, ServerResponse } from 'node:http';
import { textOf } from '../../guard/thrown.js';
import { isOtherMethod, isOver, plainAnswer } from './plain-answer.js';
import type { Lets, RequestAnswers } from './plain-answer.js';

/** Why something is not well, in one line; undefined: it is. */
export type StatusCheck = () => string | undefined;

/** Answers 200 while something is well, else 503 and why. Nothing is waited for, and nothing collected. */
export class StatusAnswers implements RequestAnswers {
  readonly #check: StatusCheck;

  constructor(check: StatusCheck) {
    this.#check = check;
  }

  /** Never throws and never rejects. */
  answer(request: IncomingMessage, response: ServerResponse, lets: Lets = () => true): Promise<void> {
    try {
      if (!isOver(response) && lets(request, response) && !isOtherMethod(request, response)) {
        const problem = this.#problem();
        response.setHeader('Cache-Control', 'no-store');
        plainAnswer(response, problem === undefined ? 200 : 503, `${problem ?? 'ok'}\n`);
      }
    } catch {
      response.destroy();
    }
    return Promise.resolve();
  }

  #problem(): string | undefined {
    try {
      return this.#check();
    } catch (error) {
      return textOf(error);
    }
  }
}
