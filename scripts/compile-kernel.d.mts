/** Compiles lib/memory/kernel/. `edit` may change the text of each source file before. */
export declare function compileKernel(edit?: (path: string, text: string) => string): Promise<Uint8Array>;
/** Compiles lib/exposition/rows/kernel/. */
export declare function compileRowKernel(): Promise<Uint8Array>;
