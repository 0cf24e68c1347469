// For step 3 of an emission: what was made already.
/** Tokens that are remembered, of all owners together: about 10 MB. */
export const TOKENS_MAX = 100_000;

/** Which emissions were made already, so that an event that is delivered twice counts once. Bounded: oldest go first. */
export class EmissionTokens {
  readonly #limit: number;
  /** The owner that was idle for longest comes first; so do the oldest tokens of an owner. */
  readonly #owners = new Map<string, Set<string>>();
  #size = 0;
  #forgotten = 0;

  constructor(limit: number = TOKENS_MAX) {
    this.#limit = limit;
  }

  /** How many tokens had to go because there were too many. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** True when it is new, and from then on known. */
  claim(owner: string, token: string): boolean {
    const tokens = this.#owners.get(owner) ?? new Set<string>();
    this.#owners.delete(owner);
    this.#owners.set(owner, tokens);
    if (tokens.has(token)) return false;
    tokens.add(token);
    this.#size++;
    if (this.#size > this.#limit) this.#forgetOldest();
    return true;
  }

  /** Forgets everything about an owner. */
  forget(owner: string): void {
    this.#size -= this.#owners.get(owner)?.size ?? 0;
    this.#owners.delete(owner);
  }

  #forgetOldest(): void {
    for (const [owner, tokens] of this.#owners)
      for (const token of tokens) {
        tokens.delete(token);
        if (tokens.size === 0) this.#owners.delete(owner);
        this.#size--;
        this.#forgotten++;
        return;
      }
  }
}
