import { quoteGo } from '../../go/text/quote.js';
import { ExpressionSyntaxError } from './syntax-error.js';
import { Tokenizer } from './tokens.js';
import type { Token, TokenKind } from './tokens.js';

/** Where a parser stands in its tokens. Whatever is wrong is thrown as {@link ExpressionSyntaxError}. */
export class TokenCursor {
  readonly #tokens: Tokenizer;
  #current: Token;
  /** The token after the current one, when somebody had to look. */
  #ahead: Token | undefined;

  constructor(source: string) {
    this.#tokens = new Tokenizer(source);
    this.#current = this.#tokens.next();
  }

  get current(): Token {
    return this.#current;
  }

  peek(): Token {
    this.#ahead ??= this.#tokens.next();
    return this.#ahead;
  }

  advance(): void {
    this.#current = this.peek();
    this.#ahead = undefined;
  }

  /** The current token, which is left behind. */
  take(): Token {
    const token = this.#current;
    this.advance();
    return token;
  }

  is(kind: TokenKind, text?: string): boolean {
    return this.#current.kind === kind && (text === undefined || this.#current.text === text);
  }

  expect(kind: TokenKind, text?: string): Token {
    return this.is(kind, text) ? this.take() : this.unexpected();
  }

  unexpected(): never {
    return this.fail(this.#current.position, `unexpected token ${describeToken(this.#current)}`);
  }

  fail(position: number, message: string): never {
    throw new ExpressionSyntaxError(position, message);
  }
}

/** As expr-lang writes a token. */
export function describeToken({ kind, text }: Token): string {
  return text === '' ? kind : `${kind}(${quoteGo(text)})`;
}
