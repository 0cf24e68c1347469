import type { TextDiagnostic } from '../diagnostic/diagnostic.js';

/** Which step of Argo's refused: reading, the second reading with variables as strings, or evaluating. */
export type WhenStage = 'read' | 'reread' | 'evaluate' | 'result';

const QUOTE_HINT = 'try wrapping the affected expression in quotes (")';

/** What is wrong with a `when` clause. Internal to its parts: turned into a diagnostic before it leaves. */
export class WhenError extends Error {
  readonly stage: WhenStage;
  readonly position: number;

  /** @param message the reason in govaluate's words */
  constructor(stage: WhenStage, position: number, message: string) {
    super(message);
    this.stage = stage;
    this.position = position;
  }

  toDiagnostic(text: string): TextDiagnostic {
    const { position } = this;
    const diagnostic = {
      code: 'WHEN_INVALID',
      severity: 'error',
      position,
      message: this.#sentence(text),
    } as const;
    return this.message.includes('Invalid token') || this.#isAboutText()
      ? { ...diagnostic, hint: QUOTE_HINT }
      : diagnostic;
  }

  /** Argo's sentences, word for word ("expresion" is its own). */
  #sentence(text: string): string {
    switch (this.stage) {
      case 'read':
        return `Invalid 'when' expression '${text}': ${this.message}`;
      case 'reread':
        return `Failed to parse 'when' expression '${text}': ${this.message}`;
      case 'evaluate':
        return `Failed to evaluate 'when' expresion '${text}': ${this.message}`;
      case 'result':
        return `Expected boolean evaluation for '${text}'. Got ${this.message}`;
    }
  }

  /** Quotes also help where an unquoted text was taken apart, as `us-east` is; Argo does not say so. */
  #isAboutText(): boolean {
    return /^Cannot transition|cannot be used with the modifier/.test(this.message);
  }
}
